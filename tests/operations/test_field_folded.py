"""Petals that were told to fold, as status shows them: without a run, and with one."""

import json

from firmware_bridge import open_bus


def test_status_shows_which_heads_are_told_to_fold(field, question):
    link = field.folder / "line"
    site = field.site(port=link, wind="file:gust.txt")
    site.write_text(site.read_text().replace("[safety]", "[safety]\nwind_stale_after_s = 600.0"))
    field.wind(3.0)
    field.simulate(site, link)
    assert folded(json.loads(field.sunflower("status", site, "--json").stdout)) == [False, False]
    with open_bus(str(link)) as bus:
        bus.mount(2).fold(folded=True)
    first, second = field.sunflower("status", site).stdout.splitlines()
    assert "fold" not in first
    assert "petals told to fold" in second
    assert folded(json.loads(field.sunflower("status", site, "--json").stdout)) == [False, True]
    running = field.start("run", site, "--json")
    running.until(lambda event: event.get("state") is not None)
    assert folded(question(site, verb="status")) == [False, True]


def folded(answer):
    return [head["folded"] for head in answer["heads"]]
