"""Run simulated heads as a process: `python -m firmware_bridge.simulator [CONFIG.json]`.

The configuration (see `config`) comes from the file, or as one line on standard input; then the process
also ends when that input ends. One `ready` line in JSON says where the line and the side channel are.
"""

import json
import signal
import sys
import time
from pathlib import Path

from firmware_bridge.errors import PortUnavailable
from firmware_bridge.simulator.config import SimulatorConfig, config_from_json
from firmware_bridge.simulator.serve import LineServer

WRONG_USE, DEVICE_FAILED, INTERRUPTED = 2, 3, 130


def main(arguments: list[str]) -> int:
    """Exit code: 0 told to quit, 2 unusable configuration, 3 no line, 130 interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _serve(_config(arguments), watch_input=not arguments)
    except (OSError, TypeError, ValueError) as error:
        print(f"configuration: {error}", file=sys.stderr)  # noqa: T201  this is the program's output
        return WRONG_USE
    except PortUnavailable as error:
        print(error, file=sys.stderr)  # noqa: T201
        return DEVICE_FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def _config(arguments: list[str]) -> SimulatorConfig:
    text = Path(arguments[0]).read_text(encoding="utf-8") if arguments else sys.stdin.readline()
    return config_from_json(json.loads(text))


def _serve(config: SimulatorConfig, *, watch_input: bool) -> int:
    with LineServer(config, time.monotonic) as server:
        if watch_input:
            server.watch(sys.stdin.fileno())
        ready = {"ready": True, "port": server.port, "side_channel": server.side_channel}
        print(json.dumps(ready), flush=True)  # noqa: T201
        server.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
