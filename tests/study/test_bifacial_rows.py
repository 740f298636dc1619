"""What a comparison of bifacial modules says of their backs."""

from dataclasses import replace

import pytest

from tracker.app.text.comparison import comparison_text
from tracker.operations.compare import answer_for
from tracker.report.page import render


@pytest.fixture(scope="module")
def answer_of(weather_of, plant_of):
    weather = weather_of("shenzhen")
    plant = plant_of(weather, mountings=("flat", "two_axis_sun_facing"), claim_over="flat")

    def make(bifaciality):
        panels = replace(plant.array.panels, bifaciality=bifaciality)
        return answer_for(replace(plant, array=replace(plant.array, panels=panels)), weather, commands=())

    return make


def test_backs_are_named_with_what_they_leave_out_and_whom_that_favours(answer_of):
    answer = answer_of(0.7)
    omission = next(each for each in answer.tables.omissions if each.name == "rear_shading")
    assert "rear_shading" in answer.document["not_modelled"]
    assert answer.document["models"]["bifaciality"] == 0.7
    assert omission.favours == "fixed"
    text, page = comparison_text(answer.document), render(answer.document, answer.tables)
    assert "Backs: bifaciality 0.7." in text
    assert "rear_shading" in text
    assert "<dt>bifaciality</dt><dd>0.7</dd>" in page
    assert "rear shading" in page


def test_modules_with_one_face_leave_no_back_out(answer_of):
    answer = answer_of(0.0)
    assert "rear_shading" not in answer.document["not_modelled"]
    assert "bifaciality" not in answer.document["models"]
    assert "bifaciality" not in comparison_text(answer.document)
