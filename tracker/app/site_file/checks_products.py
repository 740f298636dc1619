"""Checks of names that must stand in the tables of modules and inverters."""

from collections.abc import Iterator

from tracker.app.site_file.problems import Finding
from tracker.errors import InvalidInput


def module_is_known(module: str | None) -> Iterator[Finding]:
    """A module's name must be in the CEC table."""
    yield from _is_known("module", module)


def inverter_is_known(inverter: str | None) -> Iterator[Finding]:
    """An inverter's name must be in the CEC table."""
    yield from _is_known("inverter", inverter)


def one_inverter(inverter: str | None, inverter_model: str | None) -> Iterator[Finding]:
    """An inverter by name has a curve of its own."""
    if inverter is not None and inverter_model is not None:
        yield ("pv", "inverter_model"), "is set and so is pv.inverter, which has its own curve; drop one"


def _is_known(key: str, name: str | None) -> Iterator[Finding]:
    if name is None:
        return
    from tracker.pv import products  # 27 ms that the site files without names need not wait for

    try:
        {"module": products.module_named, "inverter": products.inverter_named}[key](name)
    except InvalidInput as error:
        yield ("pv", key), f"is not known: {error}"
