"""A model hub on this machine: one repository, served from a folder as huggingface.co does it."""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class HubServer:
    """Answers GET and HEAD of `/OWNER/NAME/resolve/main/FILE`. cuts: the file that is sent half."""

    def __init__(self, repository: str, folder: Path, cuts: str = "") -> None:
        prefix = f"/{repository}/resolve/main/"

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self._answer(with_body=False)

            def do_GET(self) -> None:
                self._answer(with_body=True)

            def _answer(self, *, with_body: bool) -> None:
                name = self.path.partition("?")[0].removeprefix(prefix)
                if not self.path.startswith(prefix) or not (folder / name).is_file():
                    self.send_response(404)
                    self.send_header(
                        "X-Error-Code", "EntryNotFound" if self.path.startswith(prefix) else "RepoNotFound"
                    )
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                data = (folder / name).read_bytes()
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
                self.send_header("X-Repo-Commit", COMMIT)
                self.end_headers()
                if with_body:
                    self.wfile.write(data[: len(data) // 2] if name == cuts else data)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> HubServer:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
