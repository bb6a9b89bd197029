"""
An application that tells when it did what a benchmark sees from outside: its first output, and the moment from which it is ready. The stamps are
of the machine's clock, in nanoseconds, in a file of its pod's name.
Arguments: folder of the stamps; `listen` (the port is closed until ready) or `answer` (503 until ready, then 200); milliseconds until ready; port.
"""
import json, os, socket, sys, time
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingMixIn, TCPServer

folder, kind, wait_ms, port = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
stamps = {}
ready_at = time.time_ns() + wait_ms * 1_000_000


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        is_ready = kind == "listen" or time.time_ns() >= ready_at
        body = b"ok\n" if is_ready else b"loading\n"
        self.send_response(200 if is_ready else 503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingMixIn, TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


stamps["outputFrom"] = time.time_ns()
os.write(1, b"loading\n")
stamps["outputTo"] = time.time_ns()
if kind == "listen":
    time.sleep(wait_ms / 1000)
server = Server(("", port), Answer, bind_and_activate=False)
server.server_bind()
stamps["readyFrom"] = time.time_ns()
server.server_activate()
stamps["readyTo"] = time.time_ns()
if kind == "answer":
    stamps["readyFrom"] = stamps["readyTo"] = ready_at
path = os.path.join(folder, socket.gethostname())
with open(path + ".part", "w") as file:
    json.dump(stamps, file)
os.rename(path + ".part", path)
server.serve_forever()
