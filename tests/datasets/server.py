"""A download server on loopback, in place of the one on the internet."""

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Serves bytes by name; remembers what was asked; can hold an answer back, or break off.

    Attributes:
        files: What there is, by name.
        asked: The names asked for so far.
        cut: After how many bytes an answer breaks off; None for none.
        gate: An answer waits after its first byte until this is set.
    """

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {}
        self.asked = []
        self.cut = None
        self.gate = threading.Event()
        self.gate.set()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.lstrip("/")
        self.server.asked.append(name)
        data = self.server.files.get(name)
        if data is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:1])
        self.wfile.flush()
        self.server.gate.wait(20)
        self.wfile.write(data[1 : self.server.cut])

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def serving():
    """A server that runs, at `http://127.0.0.1:server_port/`."""
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.gate.set()
        server.shutdown()
