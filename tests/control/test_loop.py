import numpy as np

from tracker.decision.states import State
from tracker.frames import angle_between_deg, enu_from_azel


def test_the_loop_follows_the_sun_through_a_day_into_the_night(field_of):
    field = field_of(start="2025-03-19T22:00")  # an hour before sunrise at Shenzhen
    states = []
    while field.clock.utc() < np.datetime64("2025-03-20T12:30"):
        inputs, decision = field.loop.tick()
        states.append(decision.states[0])
        if decision.settled.all():
            facing = enu_from_azel(inputs.heads.azimuth_deg, inputs.heads.elevation_deg)
            assert angle_between_deg(facing, inputs.sun_enu).max() < 0.2
        field.loop.wait(decision)
    order = [State(s) for i, s in enumerate(states) if i == 0 or s != states[i - 1]]
    assert order == [State.READY, State.NIGHT, State.TRACKING, State.NIGHT]
    np.testing.assert_allclose(field.mounts.way.at(field.clock.now_s()).elevation_deg, 90.0, atol=0.2)


def test_signs_of_life_come_more_often_than_ticks(field_of):
    field = field_of(tick_s=10.0)
    field.run(6)
    assert field.mounts.signs_of_life == 6 * 5  # every 2 s of 10


def test_a_night_at_rest_ticks_slowly(field_of):
    field = field_of(start="2025-03-20T14:00")
    field.run(200)  # into the night posture
    before_s = field.clock.now_s()
    field.run(10)
    assert field.clock.now_s() - before_s == 600.0


def test_lockstep_time_adds_up_exactly(field_of):
    field = field_of(tick_s=0.1, start="2025-03-20T05:00")
    for _ in range(1000):
        field.clock.wait_until(field.clock.now_s() + 0.1)
    assert field.clock.now_s() == 100.0
    assert field.clock.utc() == np.datetime64("2025-03-20T05:01:40")


def test_a_line_that_is_back_is_looked_at_at_once(field_of):
    field = field_of(start="2025-03-20T14:00")
    _, decision = field.run(200)  # at rest: ticks of 60 s
    field.mounts.lines_there, before_s = False, field.clock.now_s()
    field.mounts.line_back_after = field.mounts.signs_of_life + 20
    field.loop.wait(decision)
    assert field.clock.now_s() - before_s == 20 * 0.25
    field.loop.wait(decision)
    assert field.clock.now_s() - before_s == 20 * 0.25 + 60.0
