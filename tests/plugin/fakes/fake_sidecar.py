"""Plays the sidecar for the plugin's tests: answers as the lines of a script file say, writes down what it was sent.

usage: fake_sidecar.py FOLDER   (prints its port; reads FOLDER/script.jsonl, appends to FOLDER/requests.jsonl)
A line is {"status": 202}, {"status": 503, "error": [code, message], "retry_after": 5}, {"raw": text},
{"reset": true}, {"hang_s": 3} or {"stream": [pieces]}, of which each after the first waits for FOLDER/next-NUMBER;
FOLDER/given-up appears when the plugin closes a connection before the end;
"clock_s" sets its clock off; "headers" are sent too; "results" holds what to say instead of "accepted".
The last line is used again and again.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(sys.argv[1])


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        record = {
            "method": self.command,
            "path": self.path,
            "headers": dict(self.headers),
            "body": body,
        }
        with (FOLDER / "requests.jsonl").open("a") as out:
            out.write(json.dumps(record) + "\n")
        try:
            self.play(self.next_line(), body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # The plugin gave up waiting, as it should.
            (FOLDER / "given-up").touch()

    do_GET = do_DELETE = do_OPTIONS = do_POST  # noqa: N815 -- http.server's name

    def next_line(self) -> dict:
        lines = (FOLDER / "script.jsonl").read_text().splitlines()
        if len(lines) > 1:
            (FOLDER / "script.jsonl").write_text("\n".join(lines[1:]))
        return json.loads(lines[0])

    def play(self, line: dict, body: str) -> None:
        if line.get("reset"):
            # Linger of zero: the peer sees a reset, not an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        if "stream" in line:
            self.clock_s = 0
            self.stream(line["stream"])
            return
        time.sleep(line.get("hang_s", 0))
        if "raw" in line:
            answer = line["raw"]
        elif "json" in line:
            answer = json.dumps(line["json"])
        elif "error" in line:
            code, message = line["error"]
            answer = json.dumps({"error": {"code": code, "message": message}})
        else:
            answer = json.dumps({"results": list(results(json.loads(body or "{}"), line.get("results", {})))})
        self.clock_s = line.get("clock_s", 0)
        self.send_response(line.get("status", 202))
        self.send_header("Content-Type", "application/json")
        for name, value in line.get("headers", {}).items():
            self.send_header(name, value)
        if "retry_after" in line:
            self.send_header("Retry-After", str(line["retry_after"]))
        self.send_header("Content-Length", str(len(answer.encode())))
        self.end_headers()
        self.wfile.write(answer.encode())

    def stream(self, pieces: list[str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        give_up_at = time.monotonic() + 60
        for number, piece in enumerate(pieces):
            while number and not (FOLDER / f"next-{number}").exists() and time.monotonic() < give_up_at:
                time.sleep(0.02)
            self.wfile.write(piece.encode())
            self.wfile.flush()

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(time.time() + self.clock_s)

    def log_message(self, *_: object) -> None:
        pass


def results(push: dict, special: dict):
    for change in push.get("changes", ()):
        named = change.get("document", change)
        result = special.get(str(named["id"]), {"result": "accepted"})
        if result is not None:
            yield {"id": named["id"], "version": named["version"], **result}


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_port, flush=True)
server.serve_forever()
