"""The door to a running site: a Unix socket that takes one JSON line and gives one back."""

import json
import os
import queue
import socket
import socketserver
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from tracker.errors import DeviceUnavailable

ANSWER_TIMEOUT_S: Final = 30.0  # a tick over a bus of slow devices may take seconds
LONGEST_LINE: Final = 65536
Document = dict[str, Any]  # JSON


@dataclass(frozen=True, slots=True)
class Call:
    """One question from outside; `answer` lets the asker go."""

    document: Document
    _answers: "queue.Queue[Document]" = field(default_factory=lambda: queue.Queue(maxsize=1))

    def answer(self, document: Mapping[str, Any]) -> None:
        """Say what came of it."""
        self._answers.put(dict(document))

    def wait(self) -> Document:
        """What came of it, or an error document when nobody answers in time."""
        try:
            return self._answers.get(timeout=ANSWER_TIMEOUT_S)
        except queue.Empty:
            return {
                "error": {
                    "kind": "device",
                    "message": f"the run did not answer within {ANSWER_TIMEOUT_S:.0f} s",
                }
            }


def socket_path(site_file: Path) -> Path:
    """Where a run of this site file listens: per user, one name per file, short enough for a socket."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(runtime) if runtime else Path(tempfile.gettempdir()) / f"sunflower-{os.getuid()}"
    return folder / f"sunflower-{sha256(str(site_file.resolve()).encode()).hexdigest()[:16]}.sock"


def ask(path: Path, document: Mapping[str, Any]) -> Document | None:
    """Put a question to a running site; None when no run listens there.

    Raises DeviceUnavailable when a run listens but does not answer.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(ANSWER_TIMEOUT_S + 5.0)
        try:
            line.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        try:
            line.sendall(json.dumps(dict(document)).encode() + b"\n")
            with line.makefile("rb") as answers:
                text = answers.readline(LONGEST_LINE * 16)
        except OSError as error:
            raise DeviceUnavailable(
                f"{path}: the run does not answer ({error}); look at its terminal"
            ) from error
    if not text:
        raise DeviceUnavailable(f"{path}: the run ended before it answered; look at its journal")
    answer: Document = json.loads(text)
    return answer


class ControlSocket:
    """Listens for a running site. Calls wait in `take()` until the loop has a moment; `wake` hurries it."""

    def __init__(self, path: Path, wake: threading.Event) -> None:
        """Start listening. Raises DeviceUnavailable when another run of the site listens there."""
        self._calls: queue.Queue[Call] = queue.Queue()
        self._path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if ask(path, {"verb": "ping"}) is not None:
            raise DeviceUnavailable(
                f"{path}: another `sunflower run` of this site is running; stop that one first"
            )
        path.unlink(missing_ok=True)
        calls = self._calls

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                line = self.rfile.readline(LONGEST_LINE)
                answer = _pass_on(line, calls, wake)
                self.wfile.write(json.dumps(answer).encode() + b"\n")

        self._server = _Server(str(path), Handler)
        path.chmod(0o600)
        threading.Thread(target=self._server.serve_forever, name="control-socket", daemon=True).start()

    def take(self) -> list[Call]:
        """The calls that have come in since the last time."""
        calls = []
        while not self._calls.empty():
            calls.append(self._calls.get())
        return calls

    def close(self) -> None:
        """Stop listening and take the socket away."""
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink(missing_ok=True)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False  # an asker that hangs must not hold up the end of a run


def _pass_on(line: bytes, calls: "queue.Queue[Call]", wake: threading.Event) -> Document:
    try:
        document = json.loads(line)
    except ValueError as error:
        return {"error": {"kind": "usage", "message": f"not a JSON line: {error}"}}
    if not isinstance(document, dict):
        return {"error": {"kind": "usage", "message": "a call is a JSON object with a verb"}}
    if document.get("verb") == "ping":
        return {"ok": True}
    call = Call(document)
    calls.put(call)
    wake.set()
    return call.wait()
