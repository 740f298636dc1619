"""Whatever comes in whatever order: what must never happen does not happen."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tracker.aiming.limits import inside
from tracker.decision.states import Event, State
from tracker.decision.values import PERSONS_EVENTS, Order, Request

MOTIONS = (Order.MOVE, Order.STOW, Order.HOME, Order.FLATTEN)
WORKING = (State.TRACKING, State.READY, State.NIGHT, State.JOGGING, State.HOMING)
FREED_BY_A_PERSON = (Event.RELEASE, Event.CLEARED)
HELD = {State.STOPPED, State.LOCKED, State.EMERGENCY, State.FAULT}


class Site(RuleBasedStateMachine):
    """Two heads, a wind, a sun, a person and bad luck; `field_class` is set by the test."""

    field_class = None

    @initialize()
    def start(self):
        self.field = self.field_class(heads=2, tick_s=5.0)
        self.stopped = False

    @rule(gust=st.sampled_from([0.0, 5.0, 7.9, 8.0, 11.9, 12.0, 30.0, np.nan]))
    def wind_blows(self, gust):
        self.field.gust_m_s, self.field.wind_age_s = gust, 0.0

    @rule()
    def sensor_dies(self):
        self.field.wind_age_s = 11.0

    @rule(azimuth=st.floats(0, 360), elevation=st.floats(-20, 90))
    def sun_moves(self, azimuth, elevation):
        self.field.sun = (azimuth, elevation)

    @rule(event=st.sampled_from(PERSONS_EVENTS), azimuth=st.floats(-400, 400), elevation=st.floats(-90, 180))
    def person_asks(self, event, azimuth, elevation):
        self.tick(Request(event=event, heads=(0, 1), azimuth_deg=azimuth, elevation_deg=elevation))
        self.stopped = event is Event.STOP or (self.stopped and event is not Event.RELEASE)

    @rule(trusted=st.booleans(), fault=st.sampled_from([0, 0, 0, 4]), emergency=st.sampled_from([0, 0, 0, 1]))
    def device_reports(self, trusted, fault, emergency):
        self.tick(trusted=trusted, fault=fault, emergency=bool(emergency))

    @rule(silent=st.sampled_from([0.0, 3.0, 6.0]))
    def link_changes(self, silent):
        self.tick(silent_s=silent)

    @rule(ticks=st.integers(1, 5))
    def time_passes(self, ticks):
        for _ in range(ticks):
            self.tick()

    def tick(self, *requests, **changes):
        self.field.tick(*requests, **changes)
        self.in_wind_nobody_works()
        self.held_heads_get_no_motion()
        self.unknown_positions_get_no_absolute_move()
        self.nothing_is_sent_past_the_end_of_travel()

    def in_wind_nobody_works(self):
        if self.field.gust_m_s >= 12.0 or self.field.wind_age_s > 10.0:
            freed = np.isin(self.field.decision.reason, FREED_BY_A_PERSON)  # stows in the next tick
            assert not np.isin(self.field.decision.states, WORKING)[~freed].any()
            assert not np.isin(self.field.decision.orders, (Order.MOVE, Order.HOME)).any()

    def held_heads_get_no_motion(self):
        held = np.isin(self.field.decision.states, list(HELD))
        assert not np.isin(self.field.decision.orders, MOTIONS)[held].any()

    def unknown_positions_get_no_absolute_move(self):
        unknown = ~self.field.seen.trusted
        assert not np.isin(self.field.decision.orders, (Order.MOVE, Order.STOW))[unknown].any()

    def nothing_is_sent_past_the_end_of_travel(self):
        sent = self.field.decision.orders == Order.MOVE
        assert inside(self.field.decision.target, self.field.rules.limits)[sent].all()

    @invariant()
    def a_stop_is_never_forgotten(self):
        if getattr(self, "stopped", False):
            assert {State(s) for s in self.field.decision.states} <= HELD


def test_no_order_of_events_breaks_a_rule_of_safety(field_of):
    case = type("SiteOfHeads", (Site,), {"field_class": field_of}).TestCase
    case.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
    case().runTest()
