"""The pages' templates, with what all of them share."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from tracker.report.formats import typeset


def template(name: str) -> Template:
    """The template of that file name in this room; what it is not given is an error."""
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tracker.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["typeset"] = typeset
    return environment
