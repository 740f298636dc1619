"""Between servers and the loop: who may ask what, who hears what when, and what is shown of a tick."""

import math
import socket
import threading
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest

from calibration import PointingModel
from firmware_bridge.dialects.rotator import Direction, Verdict
from firmware_bridge.dialects.sunspec.array import Order, Target
from firmware_bridge.dialects.sunspec.models import Flag, StowReason, TrackerState
from tracker.aiming.facing import AsDrawn
from tracker.app.config import load_site
from tracker.app.field import serving_calls
from tracker.app.field.serving import Serving, services_from
from tracker.app.field.serving_calls import STALLED_S, Desk
from tracker.app.field.serving_owners import PERSON
from tracker.app.field.serving_report import Reader
from tracker.app.field.serving_rotator import SiteRotator
from tracker.app.field.serving_rotctld import MOST_CLIENTS, READ_BYTES
from tracker.app.field.serving_trackers import SiteTrackers
from tracker.decision.states import State
from tracker.decision.values import Decision, Inputs, Rules
from tracker.frames import AxisPose
from tracker.operations.status import Snapshot
from tracker.ports.mount import HeadReadings

NAMES = ("H01", "H02")
SCADA, ANOTHER, ROTOR = "sunspec 1", "sunspec 2", "rotctld 3"
LEASE_S = 5.0
TICKS_AGO_S = 2.5
FINEST_DEG = 1e-9
ANSWERED = {"heads": [{"name": "H01", "silent_s": 0}, {"name": "H02", "silent_s": 3.0}]}


@pytest.fixture
def plant(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text('[site]\nname = "Bench"\n[array]\nheads = 2\n')
    return load_site(path)


@pytest.fixture
def rules(plant):
    return Rules(limits=plant.array.mount.limits, safety=plant.safety, pointing=AsDrawn())


class Watch:
    """A clock that a test turns."""

    now_s = 100.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def desk(plant, watch):
    return Desk(NAMES, plant.safety, threading.Event(), watch)


class Person:
    """A call through the control socket."""

    def __init__(self, verb, *heads):
        self.document, self.answered = {"verb": verb, "heads": list(heads)}, None

    def answer(self, document):
        self.answered = document


def snapshot(*states, why=("", ""), gust_m_s=3.0, **readings):
    """A tick that left heads in these states."""
    no, yes = np.zeros(2, dtype=np.bool_), np.ones(2, dtype=np.bool_)
    seen = {
        "azimuth_deg": np.array([-20.0, 370.0]), "elevation_deg": np.array([45.0, 90.0]), "trusted": yes,
        "moving": no, "homing": no, "emergency": no, "enabled": yes, "held": no,
        "wind_contact": no, "folded": no, "fault": np.zeros(2, dtype=np.int64), "silent_s": np.zeros(2),
    }  # fmt: skip
    heads = HeadReadings(**(seen | {name: np.array(value) for name, value in readings.items()}))
    sun = np.array([0.0, 0.0, 1.0])
    inputs = Inputs(sun_enu=sun, aim_enu=sun, gust_m_s=gust_m_s, wind_age_s=1.0, heads=heads)
    target = AxisPose(azimuth_deg=np.array([-21.0, 371.0]), elevation_deg=np.array([46.0, 89.0]))
    decision = Decision(
        states=np.array(states, dtype=np.int8), reason=np.full(2, -1, dtype=np.int8),
        orders=np.zeros(2, dtype=np.int8), target=target, limited=no, settled=no,
        leaning=np.zeros(2),
    )  # fmt: skip
    return Snapshot(utc=np.datetime64("2026-06-21T04:00:00"), inputs=inputs, decision=decision, why=why)


def seen(desk, *states, held=(False, False), **more):
    desk.see(snapshot(*states, **more), np.array(held))


def taken(desk, *people):
    """The documents that a tick gets, each answered as taken."""
    calls = desk.calls(people)
    for call in calls:
        call.answer(ANSWERED)
    return [call.document for call in calls]


def in_the_loop(desk, answer=ANSWERED, states=(State.TRACKING, State.TRACKING)):
    """Make the desk's waking a whole tick: what is asked is answered at once, as by the loop's thread."""

    class Wake(threading.Event):
        def set(self):
            for call in desk.calls(()):
                call.answer(answer)
            seen(desk, *states)

    desk._wake = Wake()


def test_whoever_asks_hears_a_refusal_at_once_and_all_else_when_the_tick_can_be_seen(desk):
    seen(desk, State.TRACKING, State.TRACKING)
    taken_wish, refused = desk.wish(SCADA, "home", (0,)), desk.wish(SCADA, "jog", (1,))
    desk.leave(taken_wish, refused)
    first, second = desk.calls(())
    second.answer(serving_calls.refusal("no"))
    assert refused.wait(0.0)
    first.answer(ANSWERED)
    assert not taken_wish.wait(0.0)
    seen(desk, State.HOMING, State.TRACKING)
    assert taken_wish.wait(0.0)
    assert taken_wish.refused is None


def test_what_the_loop_has_no_time_for_is_taken_back_but_never_a_stop_or_a_stow(desk, monkeypatch):
    monkeypatch.setattr(serving_calls, "WITHIN_S", 0.0)
    wishes = [desk.wish(ROTOR, verb, (0,)) for verb in ("jog", "stop", "home", "stow")]
    desk.ask(*wishes)
    assert [wish.refused for wish in wishes] == ["refused", None, "refused", None]
    assert [document["verb"] for document in taken(desk)] == ["stop", "stow"]


def test_nothing_is_taken_any_more_when_the_run_ends(desk):
    before, after = desk.wish(ROTOR, "jog", (0,)), desk.wish(SCADA, "stow", (0,))
    desk.leave(before)
    desk.close()
    desk.ask(after)
    assert (before.refused, after.refused) == ("refused", "refused")
    assert taken(desk) == []


def test_a_master_waits_a_tick_while_somebody_on_site_has_a_word_but_his_stop_does_not(desk):
    seen(desk, State.TRACKING, State.TRACKING)
    desk.leave(desk.wish(SCADA, "jog", (1,)), desk.wish(SCADA, "stop", (0, 1)))
    assert [document["verb"] for document in taken(desk, Person("lock", "H01"))] == ["lock", "stop"]
    assert [document["verb"] for document in taken(desk, Person("status"))] == ["status", "jog"]


def test_a_master_lets_go_of_his_own_jog_and_of_nothing_else(desk):
    seen(desk, State.TRACKING, State.TRACKING)
    desk.leave(desk.wish(SCADA, "jog", (0,)), desk.wish(ANOTHER, "jog", (1,)))
    taken(desk)
    seen(desk, State.JOGGING, State.JOGGING)
    wishes = [desk.wish(SCADA, "resume", (head,)) for head in (0, 1)]
    desk.leave(*wishes)
    assert taken(desk) == [{"verb": "release", "heads": ["H01"]}]
    assert (wishes[1].refused, wishes[1].answered) == (None, {})


def test_a_stop_that_came_in_between_is_not_released_by_a_masters_resume(desk):
    seen(desk, State.TRACKING, State.TRACKING)
    desk.leave(desk.wish(SCADA, "jog", (0,)))
    taken(desk)
    seen(desk, State.JOGGING, State.TRACKING)
    desk.leave(desk.wish(SCADA, "resume", (0,)))
    assert [document["verb"] for document in taken(desk, Person("stop", "H01"))] == ["stop"]
    seen(desk, State.STOPPED, State.TRACKING)
    assert taken(desk) == []


@pytest.mark.parametrize("master", [SCADA, ROTOR])
def test_a_master_does_not_take_over_what_a_person_moves_by_hand(desk, master):
    seen(desk, State.TRACKING, State.TRACKING)
    taken(desk, Person("jog", "H01"))
    seen(desk, State.JOGGING, State.TRACKING)
    jog, home = desk.wish(master, "jog", (0,)), desk.wish(master, "home", (0,))
    desk.leave(jog, home)
    assert taken(desk) == []
    assert (jog.refused, home.refused) == ("refused", "refused")


def test_of_two_masters_one_moves_a_head_until_a_person_takes_over(desk):
    seen(desk, State.TRACKING, State.TRACKING)
    first, second = desk.wish(ROTOR, "jog", (0,)), desk.wish(SCADA, "jog", (0,))
    desk.leave(first)
    taken(desk)
    seen(desk, State.JOGGING, State.TRACKING)
    desk.leave(second, desk.wish(ROTOR, "jog", (0,), azimuth_deg=1.0))
    assert [document.get("azimuth_deg") for document in taken(desk)] == [1.0]
    assert second.refused == "refused"
    assert [document["verb"] for document in taken(desk, Person("jog", "H01"))] == ["jog"]
    seen(desk, State.JOGGING, State.TRACKING)
    desk.leave(desk.wish(ROTOR, "jog", (0,)))
    assert taken(desk) == []


def test_of_two_masters_in_the_same_tick_the_first_moves_the_head(desk):
    seen(desk, State.TRACKING, State.TRACKING)
    first, second = (desk.wish(master, "jog", (0,)) for master in (ROTOR, SCADA))
    desk.leave(first, second)
    assert taken(desk) == [first.document]
    assert second.refused == "refused"


def test_a_move_waits_a_tick_for_a_persons_stop_and_is_then_no_part_of_it(desk):
    seen(desk, State.TRACKING, State.TRACKING)
    desk.leave(desk.wish(ROTOR, "jog", (0,)))
    assert [document["verb"] for document in taken(desk, Person("stop", "H01"))] == ["stop"]


def test_a_jog_that_was_refused_makes_nobody_its_owner(desk):
    seen(desk, State.TRACKING, State.TRACKING)
    desk.leave(desk.wish(SCADA, "jog", (0,)))
    taken(desk)
    seen(desk, State.JOGGING, State.TRACKING)
    (refused,) = desk.calls([Person("jog", "H01")])
    refused.answer(serving_calls.refusal("past the travel"))
    desk.leave(desk.wish(SCADA, "resume", (0,)))
    assert taken(desk) == [{"verb": "release", "heads": ["H01"]}]


@pytest.mark.parametrize("state", [State.STOPPED, State.LOCKED, State.LOCKING, State.EMERGENCY, State.FAULT])
def test_a_master_cannot_take_his_stow_back_where_a_release_would_do_more(desk, state):
    desk.leave(desk.wish(SCADA, "stow", (0,)))
    taken(desk)
    seen(desk, state, State.TRACKING, held=(True, False))
    unstow = desk.wish(SCADA, "unstow", (0,))
    desk.leave(unstow)
    assert taken(desk) == []
    assert unstow.refused == "refused"
    assert desk.view.stows == ({SCADA}, frozenset())


def test_a_stow_from_before_the_run_is_a_persons(desk):
    seen(desk, State.STOWED, State.TRACKING, held=(True, False))
    desk.leave(desk.wish(SCADA, "unstow", (0,)))
    assert taken(desk) == []
    assert desk.view.stows == ({PERSON}, frozenset())


def test_a_persons_release_ends_everybodys_stow(desk):
    desk.leave(desk.wish(SCADA, "stow", (0, 1)))
    taken(desk)
    seen(desk, State.STOWED, State.STOWED, held=(True, True))
    taken(desk, Person("release"))
    seen(desk, State.STOWED, State.STOWED)
    assert desk.view.stows == (frozenset(), frozenset())


@pytest.fixture
def rotator(desk, rules):
    return SiteRotator(desk, rules, 0, ROTOR)


@pytest.mark.parametrize(
    "trouble",
    [{"trusted": [False, True]}, {"azimuth_deg": [math.nan, 0.0]}, {"silent_s": [LEASE_S + 0.1, 0.0]}],
)
def test_a_position_that_is_not_known_now_is_not_shown(desk, rotator, trouble):
    assert rotator.look() is None
    seen(desk, State.TRACKING, State.TRACKING, silent_s=[LEASE_S - 0.1, 0.0])
    assert (rotator.look().azimuth_deg, rotator.look().elevation_deg) == (-20.0, 45.0)
    seen(desk, State.TRACKING, State.TRACKING, **trouble)
    assert rotator.look() is None


def test_a_loop_that_hangs_shows_no_position_and_a_silent_tracker(desk, rotator, rules, plant, watch):
    trackers = SiteTrackers(desk, Reader(site=plant.site, names=NAMES, rules=rules, who=SCADA))
    seen(desk, State.TRACKING, State.STOPPED)
    watch.now_s += STALLED_S + 1.0
    assert rotator.look() is None
    states = [tracker.state for tracker in trackers.report().trackers]
    assert states == [TrackerState.SILENT, TrackerState.STOPPED]


def test_a_rotator_says_what_became_of_a_call(desk, rotator):
    seen(desk, State.TRACKING, State.TRACKING)
    in_the_loop(desk)
    assert rotator.move_to(10.0, None) is Verdict.DONE
    assert (rotator.stop(), rotator.park()) == (Verdict.DONE, Verdict.DONE)
    in_the_loop(desk, serving_calls.refusal("a gust"))
    assert (rotator.move_to(10.0, 20.0), rotator.home()) == (Verdict.REFUSED, Verdict.REFUSED)
    in_the_loop(desk, {"error": {"kind": "usage", "message": "past the travel"}})
    assert rotator.move_to(10.0, 20.0) is Verdict.OUTSIDE
    assert rotator.turn(Direction.UP, 1.0) is Verdict.NOT_FITTED


def test_a_stop_that_the_head_has_not_confirmed_is_not_done(desk, rules):
    in_the_loop(desk)
    assert SiteRotator(desk, rules, 1, ROTOR).stop() is Verdict.REFUSED


@pytest.fixture
def reader(plant, rules):
    return Reader(site=plant.site, names=NAMES, rules=rules, who=SCADA)


def test_scada_reads_ages_as_they_are_now_and_the_sites_time_of_day(desk, reader, watch):
    seen(desk, State.TRACKING, State.TRACKING, silent_s=[0.0, 2.0], trusted=[True, False])
    watch.now_s = desk.view.at_s + TICKS_AGO_S
    report = SiteTrackers(desk, reader).report()
    first, second = report.trackers
    assert (report.gust_m_s, report.gust_age_s) == (3.0, 1.0 + TICKS_AGO_S)
    assert (first.silent_s, second.silent_s) == (TICKS_AGO_S, 2.0 + TICKS_AGO_S)
    assert math.isnan(second.azimuth_deg)
    assert first.azimuth_deg == pytest.approx(340.0)
    assert (first.flags, first.fault_code) == (Flag.POSITION_TRUSTED | Flag.DRIVE_ENABLED, 0)
    assert report.local_time.hour == 12  # 04:00 UTC in Shanghai
    assert report.elevation_range_deg == (0.0, 90.0)  # the travel of a direction ends at the zenith


def test_before_the_first_tick_scada_reads_that_nothing_is_known(desk, reader):
    report = SiteTrackers(desk, reader).report()
    assert [tracker.state for tracker in report.trackers] == [TrackerState.UNKNOWN] * 2
    assert math.isnan(report.gust_m_s)


@pytest.mark.parametrize(
    ("asker", "tick", "reason"),
    [
        (SCADA, {}, StowReason.SCADA),
        (ANOTHER, {}, StowReason.OTHER),
        (PERSON, {}, StowReason.PERSON),
        (SCADA, {"gust_m_s": 20.0}, StowReason.SCADA | StowReason.WIND),
        (None, {"gust_m_s": 20.0, "why": ("ARRIVED", "")}, StowReason.WIND),
        (None, {"silent_s": [LEASE_S + 1.0, 0.0]}, StowReason.LINK),
        (None, {"why": ("LINK_LOST", "")}, StowReason.LINK),
        (None, {"why": ("ARRIVED", "")}, StowReason.OTHER),
    ],
)
def test_scada_reads_who_holds_a_stow(desk, reader, asker, tick, reason):
    if asker:
        desk.leave(desk.wish(asker, "stow", (0,)))
        taken(desk)
    seen(desk, State.STOWED, State.TRACKING, held=(asker is not None, False), **tick)
    first, second = SiteTrackers(desk, reader).report().trackers
    assert (first.stow_reasons, second.stow_reasons) == (reason, StowReason(0))


def test_the_wind_holds_a_stow_until_calm_has_lasted(desk, reader, plant, watch):
    reasons = []
    for gust_m_s, passing_s in ((20.0, 1.0), (3.0, plant.safety.release_after_s), (3.0, 1.0), (3.0, 0.0)):
        desk.calls(())
        seen(desk, State.STOWED, State.STOWED, gust_m_s=gust_m_s, held=(False, True))
        reasons.append(SiteTrackers(desk, reader).report().trackers[1].stow_reasons)
        watch.now_s += passing_s
    windy, calm = StowReason.WIND | StowReason.PERSON, StowReason.PERSON
    assert reasons == [windy, windy, calm, calm]


def test_scada_points_and_reads_directions_of_the_sky_whatever_the_axes_are(desk, reader):
    """Closure: what a calibrated head is told for a direction is what it shows as that direction."""
    pointing = PointingModel.of([{"IA": 1.0, "IE": -0.5, "CA": 0.3}, {}])
    reader = replace(reader, rules=replace(reader.rules, pointing=pointing))
    trackers, asked = SiteTrackers(desk, reader), []
    seen(desk, State.TRACKING, State.TRACKING)
    in_the_loop(desk)
    desk.ask = lambda *wishes: asked.extend(wish.document for wish in wishes)
    assert trackers.obey(Order.POINT, (0, 1), Target(azimuth_deg=100.0, elevation_deg=30.0)) == (0, 1)
    pose = {axis: [document[axis] for document in asked] for axis in ("azimuth_deg", "elevation_deg")}
    assert pose["azimuth_deg"][0] != pytest.approx(100.0, abs=0.1)
    seen(desk, State.JOGGING, State.JOGGING, **pose)
    for tracker in trackers.report().trackers:
        assert tracker.azimuth_deg == pytest.approx(100.0, abs=FINEST_DEG)
        assert tracker.elevation_deg == pytest.approx(30.0, abs=FINEST_DEG)


def test_scada_hears_which_heads_took_an_order(desk, reader):
    trackers = SiteTrackers(desk, reader)
    assert trackers.obey(Order.POINT, (0, 1), Target(azimuth_deg=10.0, elevation_deg=30.0)) == ()
    seen(desk, State.TRACKING, State.TRACKING, trusted=[True, False], azimuth_deg=[0.0, math.nan])
    in_the_loop(desk)
    assert trackers.obey(Order.POINT, (0, 1), Target(azimuth_deg=10.0, elevation_deg=30.0)) == (0,)
    assert trackers.obey(Order.STOP, (0, 1), None) == (0,)  # the other did not confirm
    assert trackers.obey(Order.STOW, (0, 1), None) == (0, 1)
    in_the_loop(desk, serving_calls.refusal("a gust"))
    assert trackers.obey(Order.CALIBRATE, (0, 1), None) == ()
    assert trackers.obey(Order.RESUME, (), None) == ()


@pytest.fixture
def serving(plant, rules):
    with Serving(services_from(["rotctld:0", "sunspec:0"], NAMES), plant, rules, threading.Event()) as served:
        yield served


def test_a_server_that_ends_by_itself_is_said_once_and_its_masters_heads_go_back_to_work(serving, caplog):
    desk = serving._desk
    seen(desk, State.TRACKING, State.TRACKING)
    desk.leave(desk.wish("rotctld 1", "jog", (0,)), desk.wish("sunspec 2", "jog", (1,)))
    taken(desk)
    seen(desk, State.JOGGING, State.JOGGING)
    assert list(serving.calls(())) == []
    ports = [service.port for service in serving.services]
    for each in serving._open:
        each.server.close()
    assert [call.document for call in serving.calls(())] == [
        {"verb": "release", "heads": ["H01"]},
        {"verb": "release", "heads": ["H02"]},
    ]
    assert list(serving.calls(())) == []
    assert [record.message.partition(",")[0] for record in caplog.records] == [
        f"rotctld on port {ports[0]} has ended by itself",
        f"sunspec on port {ports[1]} has ended by itself",
    ]


def test_a_client_too_many_is_hung_up_on_until_another_leaves(serving):
    place = ("127.0.0.1", serving.services[0].port)

    def answered(client):
        client.sendall(b"_\n")
        return client.recv(READ_BYTES) != b""

    with ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(place)) for _ in range(MOST_CLIENTS)]
        assert all(answered(client) for client in clients)
        with socket.create_connection(place) as one_more:
            assert one_more.recv(READ_BYTES) == b""
        clients[0].sendall(b"q\n")
        assert clients[0].recv(READ_BYTES) == b""  # hung up on: its place is free
        assert answered(stack.enter_context(socket.create_connection(place)))
