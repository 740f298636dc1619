"""Coverage-guided fuzzing of every text dialect, both sides: `python tests/fuzz/fuzz_dialects.py -runs=N`.

The first byte chooses dialect and side, the rest is what arrives. Runs for ever without `-runs`; other
options are libFuzzer's. Needs atheris.
"""

import logging
import sys

import atheris

with atheris.instrument_imports(include=["firmware_bridge.dialects", "firmware_bridge.foreign_mount"]):
    import dialect_checks


def check(data: bytes) -> None:
    """One input."""
    if not data:
        return
    client, number = divmod(data[0], 128)
    protocol = dialect_checks.PROTOCOLS[number % len(dialect_checks.PROTOCOLS)]
    if client:
        orders, arriving = list(data[1:5]), data[5:]
        dialect_checks.check_client(
            protocol, orders, [arriving[at : at + 24] for at in range(0, len(arriving), 24)]
        )
    else:
        dialect_checks.check_server(protocol, [data[1:]])


if __name__ == "__main__":
    logging.disable()  # a device that is doubted is told of once each time, and there are millions
    atheris.Setup(sys.argv, check)
    atheris.Fuzz()
