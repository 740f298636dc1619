"""What a bad line makes of commands: they arrive, or are told as lost; none is another than asked."""

import math
import random

import pytest

from firmware_bridge import LinkLost, RemoteProtocolError
from firmware_bridge.simulator import commands
from firmware_bridge.simulator.config import SimulatedDevice
from firmware_bridge.wire.schema import SPECS, Move, Stop, Stow

RATE_COUNTS_S = 300
STALE_AFTER = 60  # frames held back for so many others: less than half of all sequence numbers


class NoisyWire:
    """Turns bits at a rate; a hit start or stop bit loses the byte. Also brings whole frames again, later."""

    def __init__(self, bit_error_rate, seed, *, held_back=0.0):
        self._random = random.Random(seed)
        self._log_right = math.log1p(-bit_error_rate)
        self._right_bits = self._gap()
        self._held_back, self._late = held_back, []

    def damaged(self, data):
        out, bits = bytearray(data), 10 * len(data)
        lost = []
        while self._right_bits < bits:
            at, bit = divmod(self._right_bits, 10)
            if bit < 8:
                out[at] ^= 1 << bit
            else:
                lost.append(at)
            self._right_bits += 1 + self._gap()
        self._right_bits -= bits
        return bytes(byte for at, byte in enumerate(out) if at not in lost) if lost else bytes(out)

    def request(self, data):
        """A frame on its way to the device; now and then a copy of it comes again, later."""
        if self._random.random() < self._held_back:
            self._late.append([self._random.randrange(1, STALE_AFTER), data])
        arriving = [self.damaged(data)]
        for entry in self._late:
            entry[0] -= 1
        arriving += [self.damaged(frame) for left, frame in self._late if left == 0]
        self._late = [entry for entry in self._late if entry[0] > 0]
        return b"".join(arriving)

    def _gap(self):
        return int(math.log(1.0 - self._random.random()) / self._log_right)


class Oracle:
    """What was asked, in order, and what the device carried out."""

    def __init__(self, monkeypatch):
        self.asked, self.executed = [], []
        obey = commands.obey

        def watched(head, command):
            reason = obey(head, command)
            if reason is None and SPECS[type(command)].renews_lease:
                self.executed.append(command)
            return reason

        monkeypatch.setattr(commands, "obey", watched)

    def check(self):
        """Every move once at most and in order; a stop or a stow only if it has been asked."""
        moves = {command: number for number, command in enumerate(self.asked) if isinstance(command, Move)}
        order = [moves[command] for command in self.executed if isinstance(command, Move)]
        assert order == sorted(set(order))
        assert {type(command) for command in self.executed} <= {Move, Stop, Stow}
        assert all(command in moves or isinstance(command, Stop | Stow) for command in self.executed)


@pytest.mark.parametrize(
    ("bit_error_rate", "held_back", "complete"), [(1e-4, 0.02, 1.0), (1e-3, 0.02, 0.999), (1e-3, 0.0, 0.999)]
)
def test_commands_complete_and_none_is_executed_wrongly_or_late(
    bench, monkeypatch, amount, bit_error_rate, held_back, complete
):
    world, oracle = bench(SimulatedDevice(elevation_start_deg=45.0)), Oracle(monkeypatch)
    wire = NoisyWire(bit_error_rate, seed=11, held_back=held_back)

    def respond(data):
        return wire.damaged(world.line.receive(wire.request(data)))

    head = world.another_host(2, respond).mount(1, world.devices[1].gearing)
    lost, count = 0, amount(10_000, 100_000)
    for number in range(count):
        command = asked(number)
        oracle.asked.append(command)
        try:
            carried_out(head, command)
        except (LinkLost, RemoteProtocolError):  # silence, or only damaged bytes
            lost += 1
        world.advance(0.05)
    oracle.check()
    assert lost <= (1.0 - complete) * count
    assert len([each for each in oracle.executed if isinstance(each, Move)]) >= 0.8 * complete * count


def asked(number):
    """Mostly moves, each to another place."""
    if number % 10 == 8:
        return Stop()
    if number % 10 == 9:
        return Stow()
    return Move(
        azimuth_counts=number, elevation_counts=45000 + number % 7,
        azimuth_rate_counts_s=RATE_COUNTS_S, elevation_rate_counts_s=RATE_COUNTS_S,
    )  # fmt: skip


def carried_out(head, command):
    """The command on its way through the driver, below the angles; the answer must be to this one."""
    if isinstance(command, Stop):
        assert head.stop().held
    elif isinstance(command, Stow):
        assert head.stow().stowing
    else:
        reply = head._command(command)
        assert not reply.held
        assert head.gearing.azimuth.counts(reply.azimuth_deg) <= command.azimuth_counts
