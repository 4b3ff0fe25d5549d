"""A stand-in for "prefect server start": as much of the API as a plan and an apply need, kept in PREFECT_HOME/fake.json."""

import http.server
import json
import os
import signal
import sys

HOME = os.environ["PREFECT_HOME"]
STORE = os.path.join(HOME, "fake.json")


def load():
    try:
        with open(STORE) as f:
            return json.load(f)
    except FileNotFoundError:
        return {"flows": {}, "deployments": {}}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        if self.path == "/api/health":
            self.answer(200, True)
        elif self.path == "/api/admin/version":
            self.answer(200, "3.8.8")
        elif self.path == "/api/work_pools/pool":
            self.answer(200, {"id": "p", "name": "pool", "type": "process", "base_job_template": {}})
        elif self.path.startswith("/api/csrf-token"):
            self.answer(422, {"detail": "CSRF protection is disabled."})
        else:
            self.answer(404, {"detail": "Not Found"})

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "null")
        store = load()
        if self.path == "/api/flows/":
            store["flows"][sent["name"]] = answer = {"id": "flow-" + sent["name"], "name": sent["name"]}
        elif self.path == "/api/deployments/":
            store["deployments"][sent["name"]] = answer = dict(sent, id="id-of-" + sent["name"])
        elif self.path in ("/api/flows/filter", "/api/deployments/filter"):
            return self.answer(200, list(store[self.path.split("/")[2]].values()))
        else:
            return self.answer(200, [])
        with open(STORE, "w") as f:
            json.dump(store, f)
        self.answer(201, answer)


if sys.argv[1:3] != ["server", "start"] or sys.argv[3] != "--host" or sys.argv[5] != "--port":
    sys.exit("unexpected arguments: %r" % sys.argv[1:])
if os.path.exists(os.path.join(HOME, "broken")):
    print("Traceback (most recent call last):\nOSError: database is locked", file=sys.stderr)
    sys.exit(1)
if os.path.exists(os.path.join(HOME, "taken")):
    os.remove(os.path.join(HOME, "taken"))
    print("ERROR: [Errno 98] error while attempting to bind on address: address already in use", file=sys.stderr)
    sys.exit(1)
pid = os.path.join(HOME, "pid")
with open(pid, "w") as f:
    f.write(str(os.getpid()))


def end(*_):
    os.remove(pid)
    os._exit(0)


signal.signal(signal.SIGTERM, end)
http.server.ThreadingHTTPServer((sys.argv[4], int(sys.argv[6])), Handler).serve_forever()
