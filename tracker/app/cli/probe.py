"""sunflower probe: who is on the serial lines, which head is which, and which way its motors turn."""

from typing import TYPE_CHECKING, Annotated

from tracker.app.cli.border import AsJson, wrong_use
from tracker.app.cli.words import argument, option
from tracker.app.output import emit, tell
from tracker.errors import CheckFailed, DeviceUnavailable, InvalidInput

SLOWEST_BAUD, FASTEST_BAUD = 300, 921_600  # as in a site file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_bridge.probing import ProbedLine


def probe(
    port: Annotated[
        str | None, argument(metavar="[PORT]", says="A line's URL; without one, every serial port.")
    ] = None,
    protocol: Annotated[
        list[str] | None,
        option("--protocol", metavar="NAME", says="Ask in this language alone; may be repeated."),
    ] = None,
    baud: Annotated[
        int | None,
        option(
            "--baud",
            least=SLOWEST_BAUD,
            most=FASTEST_BAUD,
            says="Speed of the lines, bit/s [as each protocol is usually run].",
        ),
    ] = None,
    wiggle: Annotated[
        bool,
        option("--wiggle", says="Turn each head by 1 deg and back, and ask which one it was."),
    ] = False,
    set_address: Annotated[
        str | None,
        option("--set-address", metavar="SERIAL=ADDRESS", says="Give a native device an address."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find heads on ports and buses, say what they are and can do. Only --wiggle moves anything."""
    from firmware_bridge.addressing import assign_address
    from firmware_bridge.probing import probe as probe_line
    from tracker.app.text.probing import document_of, text_of

    if port is None and (wiggle or set_address):
        raise InvalidInput("--wiggle and --set-address need to know the line; name its PORT")
    if port is not None and set_address is not None:
        with wrong_use("--set-address"):
            assign_address(port, *_assignment(set_address), baud)
    urls = [port] if port is not None else _ports()
    with wrong_use("--protocol"):
        lines = [probe_line(url, tuple(protocol) if protocol else None, baud) for url in urls]
    document = document_of(lines)
    if wiggle:
        tell(text_of(lines))
        document["wiggle"] = _wiggle(lines[0], baud)
    emit(document, as_json=as_json, text=text_of(lines))
    if not any(line.heads for line in lines):
        asked = ", ".join(urls)
        raise DeviceUnavailable(f"no head answers on {asked}; check power, wiring, and speed (--baud)")


def _ports() -> list[str]:
    from firmware_bridge.transport.names import candidate_ports

    ports = candidate_ports()
    if not ports:
        raise DeviceUnavailable(
            "this machine has no serial port; plug the adapter in, or name a line: sunflower probe PORT"
        )
    return [port.url for port in ports]


def _assignment(text: str) -> tuple[int, int]:
    serial, separator, address = text.partition("=")
    if not (separator and serial.strip().isdecimal() and address.strip().isdecimal()):
        raise ValueError(f"{text!r} is no SERIAL=ADDRESS of two whole numbers, such as 1003=3")
    return int(serial), int(address)


def _wiggle(line: "ProbedLine", baud: int | None) -> "dict[str, object]":
    from dataclasses import asdict

    from tracker.app.field.wiggle import directions_of, site_file_line, wiggled

    if line.protocol != "native" or not line.heads:
        raise InvalidInput("--wiggle turns native heads, and none answers here; move others with `jog`")
    seen = wiggled(line.url, _addresses(line), ask=_ask, say=tell, baud=baud)
    for_site_file, wrong = site_file_line(seen), directions_of(seen)
    if for_site_file:
        tell(f"for [[bridge]] in the site file: {for_site_file}")
    for each in wrong:
        tell(f"WRONG WAY: {each}")
    return {"seen": [asdict(one) for one in seen], "site_file": for_site_file, "wrong_way": wrong}


def _addresses(line: "ProbedLine") -> "Sequence[int]":
    return [head.address for head in line.heads]


def _ask(question: str) -> str:
    tell(f"{question}: ")
    try:
        return input()
    except EOFError as error:
        raise CheckFailed("nobody answers on standard input; look at the heads and answer there") from error
