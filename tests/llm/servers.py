"""A server on this machine that answers chat completions as a test wants, well or badly."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["completion", "serving"]


def completion(answer, *, model="stub", ended="stop"):
    """Return the body of a good chat completion that says *answer*."""
    content = answer if isinstance(answer, str) else json.dumps(answer)
    return {
        "model": model,
        "choices": [{"message": {"content": content}, "finish_reason": ended}],
        "usage": {"prompt_tokens": 50, "completion_tokens": 10},
    }


@contextlib.contextmanager
def serving(respond, *, models=("stub",)):
    """Run a server; *respond* gets (number of the request, its body) and returns what to say.

    It says (status, headers, body): a body that is no bytes is sent as JSON, None sends nothing
    and hangs up.  Yields the URL and the list of requests: (path, headers, body).
    """
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self._send(200, {}, {"data": [{"id": name} for name in models]})

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, dict(self.headers), body))
            said = respond(len(asked) - 1, body)
            if said is None:
                self.close_connection = True
                return
            self._send(*said)

        def _send(self, status, headers, body):
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Length": len(raw), **headers}.items():
                self.send_header(name, str(value))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(raw)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
