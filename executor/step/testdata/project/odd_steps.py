"""Steps that do what real ones might."""

import datetime
import os
import pathlib
import signal
import subprocess
import sys
import time
import warnings


def echo(**inputs):
    return inputs


def kinds():
    class Client:
        def __str__(self):
            return "a client"

    return {
        "day": datetime.date(2024, 1, 2), "moment": datetime.datetime(2024, 1, 2, 3, 4, 5, 600), "aware": datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc),
        "raw": b"\x00\xff", "pair": (1, 2), "path": pathlib.PurePosixPath("a/b"), "big": 2**70, "nan": float("nan"), "one": 1.0, "unique": {7},
        3: "number key", None: "null key", "client": Client(), "nested": {"deep": [{"x": {}}]}, "": "", "text": "line\nbreak \u2028 \U0001f600",
    }


async def awaited(text):
    return {"text": text.upper()}


def text():
    return "not a mapping"


def talk():
    print("out")
    print("err", file=sys.stderr)
    sys.stdout.write("{\"id\": 1, \"result\": \"not a reply\"}\n")
    os.write(1, b"raw\n")
    subprocess.run(["sh", "-c", "echo from a command; printf unfinished >&2"])
    warnings.warn("this step is old", DeprecationWarning)
    return {}


def flood(lines):
    for i in range(lines):
        print("x" * 100, i)
        print("y" * 100, i, file=sys.stderr)
    return {"text": "z" * 3_000_000}


def fail(access_token):
    print("token is", access_token)
    raise ValueError(f"cannot log in with {access_token}")


def chained():
    try:
        {}["missing"]
    except KeyError as exc:
        raise RuntimeError("outer") from exc


def leave(how):
    print("last words", file=sys.stderr, flush=True)
    if how == "exit":
        sys.exit(3)
    if how == "_exit":
        os._exit(7)
    os.kill(os.getpid(), signal.SIGKILL)


def move(directory):
    os.makedirs(directory, exist_ok=True)
    os.chdir(directory)
    os.environ["ODD_NEW"] = "set by a step"
    os.environ.pop("ODD_OLD", None)
    return {"directory": directory}


def seen():
    return {"cwd": os.getcwd(), "new": os.environ.get("ODD_NEW"), "old": os.environ.get("ODD_OLD")}


def ask():
    return {"stdin": sys.stdin.read()}


def close():
    os.close(1)
    return {"done": True}


def hang(file):
    child = subprocess.Popen(["sleep", "60"])
    with open(file, "w") as f:
        f.write(f"{os.getpid()} {child.pid}")
    time.sleep(60)


def endless():
    data = {}
    data["self"] = data
    return data
