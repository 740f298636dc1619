"""Coverage-guided fuzzing of receiver, codec, device and session: `python tests/fuzz/fuzz_wire.py -runs=N`.

Runs for ever without `-runs`; other options are libFuzzer's. Needs atheris.
"""

import sys

import atheris

with atheris.instrument_imports(include=["firmware_bridge.wire", "firmware_bridge.simulator"]):
    import wire_checks

if __name__ == "__main__":
    atheris.Setup(sys.argv, wire_checks.check)
    atheris.Fuzz()
