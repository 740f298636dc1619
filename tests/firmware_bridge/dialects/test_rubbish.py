"""Noise on the line: nothing raises what it should not, grows without bound, or moves a motor."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

PROTOCOLS = ("easycomm2", "easycomm3", "gs232a", "gs232b", "rotctld")
MOTIONS = {  # one line each that moves something, its end left out
    "easycomm2": [b"AZ123.5 EL45.0", b"AZ123.5", b"EL45.0", b"MU", b"ML", b"PARK", b"RESET"],
    "easycomm3": [b"AZ123.5 EL45.0", b"AZ0 EL0", b"VR4900", b"VD0100", b"PARK", b"RESET"],
    "gs232a": [b"W123 045", b"M123", b"R", b"U"],
    "gs232b": [b"W300 045", b"M000", b"L", b"D"],
    "rotctld": [b"P 123.5 45.0", b"+\\set_pos -10 0", b"M 16 50", b"K", b"R 1", b"+\\park"],
}
WORDS = {
    "easycomm2": b"AZ EL AZ12.5 EL45 SA SE MU PARK RESET UP000 XXX VE".split(),
    "gs232a": [b"C2", b"C", b"B", b"W123 045", b"M123", b"R", b"S", b"X4", b"?>", b"W"],
    "rotctld": rb"p P 12.5 45 + \set_pos K R 1 M 16 \dump_state q".split(),
}
WORDS |= {
    "easycomm3": [*WORDS["easycomm2"], b"VU4900", b"GS", b"GE", b"CR 0", b";"],
    "gs232b": WORDS["gs232a"],
}
ENDS = {"gs232a": b"\r", "gs232b": b"\r"}
ANSWERS = [
    b"AZ12.5 EL45.0\n",
    b"GS1\nGE0\n",
    b"AZ",
    b"+0123+0045\r\n",
    b"AZ=123  EL=045\r\n",
    b"?>\r\n",
    b"12",
    b"\n",
]
ANSWERS += [
    b"get_pos:\nAzimuth: 1.00\nElevation: 2.00\n",
    b"RPRT 0\n",
    b"RPRT -6\n",
    b"set_pos: 100.00 45.00\n",
]

protocols = st.sampled_from(PROTOCOLS)


@st.composite
def talk(draw):
    protocol = draw(protocols)
    piece = st.sampled_from(WORDS[protocol]) | st.sampled_from([b" ", b"\n", b"\r"]) | st.binary(max_size=6)
    return protocol, b"".join(draw(st.lists(piece, max_size=30)))


@given(said=talk(), data=st.data())
def test_a_server_moves_only_for_whole_valid_lines_however_they_are_cut(checks, said, data):
    protocol, stream = said
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    ends = zip([0, *cuts], [*cuts, len(stream)], strict=True)
    in_pieces = checks.check_server(protocol, [stream[low:high] for low, high in ends])
    whole = checks.check_server(protocol, [stream])
    assert (in_pieces.motions, in_pieces.stops) == (whole.motions, whole.stops)


@pytest.mark.parametrize(("protocol", "line"), [(name, line) for name in MOTIONS for line in MOTIONS[name]])
class TestOneMotion:
    def test_moves_once(self, checks, protocol, line):
        stream = line + ENDS.get(protocol, b"\n")
        assert len(checks.check_server(protocol, [stream]).motions) == 1
        assert checks.may_move(protocol, stream) == 1

    def test_without_its_end_does_not_move(self, checks, protocol, line):
        assert not checks.check_server(protocol, [line]).motions

    def test_with_a_foreign_byte_anywhere_does_not_move(self, checks, protocol, line):
        end = ENDS.get(protocol, b"\n")
        for foreign in b"\x00\x07\x1c\x7f\x80\xff,!ez":
            for at in range(len(line) + 1):
                stream = line[:at] + bytes([foreign]) + line[at:] + end
                assert not checks.check_server(protocol, [stream]).motions

    def test_after_too_much_rubbish_does_not_move_and_the_next_line_does(self, checks, protocol, line):
        end = ENDS.get(protocol, b"\n")
        rubbish = b"A" * 1_000_000
        assert not checks.check_server(protocol, [rubbish, line + end]).motions
        assert len(checks.check_server(protocol, [rubbish + end, line + end]).motions) == 1


@pytest.mark.parametrize(
    ("protocol", "line"),
    [
        ("easycomm2", b"AZnan EL45.0\n"),
        ("easycomm2", b"AZinf\n"),
        ("easycomm2", b"AZ1e2\n"),
        ("easycomm2", b"AZ1e400\n"),
        ("easycomm2", b"AZ123,5 EL45,0\n"),
        ("easycomm2", b"AZ 123.5 EL 45.0\n"),
        ("easycomm2", b"AZ123.5 EL45.0 AZ10.0\n"),
        ("easycomm2", b"AZ123.5 MU\n"),
        ("easycomm2", b"PARK RESET\n"),
        ("easycomm2", b"AZ123. EL.5\n"),
        ("easycomm2", b"az123.5 el45.0\n"),
        ("easycomm2", b"AZ EL \n"),
        ("easycomm2", b"VU4900\n"),
        ("easycomm2", b"AZ451.0\n"),
        ("easycomm2", b"UP000 AZ10.0X\n"),
        ("easycomm3", b"VU-100\n"),
        ("easycomm3", b"VU\n"),
        ("gs232a", b"W12 045\r"),
        ("gs232a", b"W361 045\r"),
        ("gs232a", b"W123  045\r"),
        ("gs232a", b"W123\r"),
        ("gs232a", b"M12.5\r"),
        ("gs232b", b"W451 045\r"),
        ("rotctld", b"P 123.5\n45.0\n"),
        ("rotctld", b"P 123.5 45.0 1\n"),
        ("rotctld", b"P nan 45.0\n"),
        ("rotctld", b"P 1e2 45.0\n"),
        ("rotctld", b"P 10,5 45\n"),
        ("rotctld", b"R 2\n"),
        ("rotctld", b"M 3 50\n"),
        ("rotctld", b"M 16 0\n"),
        ("rotctld", b"M 16 101\n"),
        ("rotctld", b"set_pos 10 20\n"),
        ("rotctld", b"q\nP 10 20\n"),
    ],
)
def test_what_is_nearly_a_command_does_not_move(checks, protocol, line):
    assert not checks.check_server(protocol, [line]).motions


@pytest.mark.parametrize("line", [b"SA SE \n", b"SE\n", b"\x00\xfeSA SE \n", b"AZ12!SA SE\n", b"SA AZ10.0\n"])
def test_a_stop_is_obeyed_in_a_spoiled_line(checks, line):
    told = checks.check_server("easycomm2", [line])
    assert (told.stops, told.motions) == (1, [])


@settings(deadline=None)
@given(
    protocol=protocols,
    orders=st.lists(st.integers(0, 5), min_size=1, max_size=5),
    chunks=st.lists(st.sampled_from(ANSWERS) | st.binary(max_size=40), max_size=40),
)
def test_a_client_survives_any_babble_and_sends_nothing_that_was_not_ordered(
    checks, protocol, orders, chunks
):
    checks.check_client(protocol, orders, chunks)
