"""Which fields are beaten, best, and worth their last heads."""

from hypothesis import given
from hypothesis import strategies as st

from tracker.study.layouts.front import best_of, marginal_kwh, on_front

few = st.integers(0, 5).map(float)  # few values, so that ties are common


@given(st.lists(st.tuples(few, few), min_size=1, max_size=12))
def test_on_the_front_is_what_nobody_beats(pairs):
    def beats(one, other):
        return one[0] >= other[0] and one[1] >= other[1] and one != other

    assert on_front(pairs) == [not any(beats(one, pair) for one in pairs) for pair in pairs]


@given(st.lists(st.tuples(few, st.integers(1, 4)), min_size=1, max_size=12))
def test_best_has_most_energy_then_fewest_heads_then_comes_first(fields):
    best = best_of(fields)
    most = max(energy for energy, _ in fields)
    fewest = min(heads for energy, heads in fields if energy == most)
    assert best == fields.index((most, fewest))


def test_last_heads_bring_what_the_next_sparser_field_lacks():
    fields = [(100.0, 10), (90.0, 8), (95.0, 8), (50.0, 2)]
    assert marginal_kwh((100.0, 10), fields) == 2.5  # (100 - 95) / (10 - 8)
    assert marginal_kwh((90.0, 8), fields) == 40.0 / 6.0
    assert marginal_kwh((50.0, 2), fields) is None


def test_more_heads_can_bring_less():
    assert marginal_kwh((80.0, 10), [(90.0, 5)]) == -2.0
