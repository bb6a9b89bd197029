"""GET /health says that the worker listens; GET /report runs one task through the broker."""
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_server: ThreadingHTTPServer | None = None


def start(app) -> None:
    global _server

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/health":
                return self.answer({"ok": True})
            if self.path == "/report":
                result = app.send_task("jobs.tasks.reports.render", ["weekly", list(range(50))])
                return self.answer({"report": result.get(timeout=20, disable_sync_subtasks=False)})
            self.send_error(404)

        def answer(self, value: dict) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_) -> None:
            pass

    _server = ThreadingHTTPServer(("", int(os.environ["HEALTH_PORT"])), Handler)
    threading.Thread(target=_server.serve_forever, daemon=True).start()


def stop() -> None:
    if _server:
        _server.shutdown()
