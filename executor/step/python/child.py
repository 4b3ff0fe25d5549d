import sys

# Prefect's own command has the directory of its script here. '' would let files of the project shadow modules.
if sys.path[0] == "":
    sys.path[0] = sys.executable.rpartition("\\" if sys.platform == "win32" else "/")[0]
sys.argv = ["prefectc"]

import asyncio
import base64
import contextlib
import datetime
import importlib.util
import json
import math
import os
import queue
import shutil
import signal
import subprocess
import threading
import traceback
import warnings


def encode(value, path, notes, depth=0):
    """Python data as JSON in which every object is a tag: m mapping, d date, t timestamp, b bytes, s set, f float."""
    if depth > 200:
        raise ValueError(f"{path} is nested deeper than 200 levels or contains itself")
    if value is None or isinstance(value, (bool, int)) and type(value) in (bool, int):
        return value
    if type(value) is str:
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"f": repr(float(value))}
    if isinstance(value, dict):
        return {"m": [[encode_key(k, path, notes), encode(v, f"{path}.{k}", notes, depth + 1)] for k, v in value.items()]}
    if isinstance(value, (list, tuple)):
        return [encode(v, f"{path}[{i}]", notes, depth + 1) for i, v in enumerate(value)]
    if isinstance(value, (set, frozenset)):
        return {"s": [encode(v, path, notes, depth + 1) for v in value]}
    if isinstance(value, datetime.datetime):
        return {"t": value.isoformat(), "naive": value.tzinfo is None}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()}
    if isinstance(value, (bytes, bytearray)):
        return {"b": base64.b64encode(bytes(value)).decode()}
    return encode_object(value, path, notes, depth)


def encode_object(value, path, notes, depth):
    import decimal
    import enum
    import pathlib
    import uuid

    if isinstance(value, enum.Enum):
        return encode(value.value, path, notes, depth + 1)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, (pathlib.PurePath, uuid.UUID, decimal.Decimal)):
        return str(value)
    try:
        from pydantic import BaseModel

        if isinstance(value, BaseModel):
            return encode(json.loads(value.json()), path, notes, depth + 1)
    except Exception:
        pass
    notes.append(f"output {path.lstrip('.')} is a {type(value).__name__}; it is kept as text")
    return str(value)


def encode_key(key, path, notes):
    if key is None or type(key) in (bool, int, str):
        return key
    if isinstance(key, (float, datetime.date)):
        return encode(key, path, notes)
    return str(key)


def decode(value):
    if isinstance(value, list):
        return [decode(v) for v in value]
    if isinstance(value, dict):
        if "m" in value:
            return {decode(k): decode(v) for k, v in value["m"]}
        return float(value["f"])
    return value


def describe(exc):
    text = "".join(traceback.format_exception(type(exc), exc, trim(exc.__traceback__)))
    try:
        message = str(exc)
    except Exception:
        message = ""
    cause = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
    reply = {"type": type(exc).__name__, "message": message, "traceback": text[-20000:]}
    if isinstance(cause, Exception):
        reply["cause"] = f"{type(cause).__name__}: {cause}"
    return reply


def trim(tb):
    """Leave out the frames of this program."""
    while tb is not None and tb.tb_frame.f_code.co_filename == __file_name__:
        tb = tb.tb_next
    return tb


__file_name__ = describe.__code__.co_filename


async def call(function, inputs):
    """Call a step as Prefect's run_step does: in a new thread, awaiting coroutines there."""
    try:
        from prefect._internal.concurrency.api import Call, from_async
    except ImportError:
        result = await asyncio.get_running_loop().run_in_executor(None, lambda: function(**inputs))
        return await result if asyncio.iscoroutine(result) else result
    return await from_async.call_soon_in_new_thread(Call.new(function, **inputs)).aresult()


@contextlib.contextmanager
def installer():
    """Let uv install what Prefect would have pip install, where the user has uv; pip if uv cannot."""
    plain = subprocess.check_call

    def check_call(command, *args, **kwargs):
        pip = [sys.executable, "-m", "pip", "install"]
        uv = shutil.which("uv")
        if uv and list(command[:4]) == pip:
            try:
                return plain([uv, "pip", "install", "--python", sys.executable, *command[4:]], *args, **kwargs)
            except (OSError, subprocess.CalledProcessError):
                if importlib.util.find_spec("pip") is None:
                    raise
        return plain(command, *args, **kwargs)

    subprocess.check_call = check_call
    try:
        yield
    finally:
        subprocess.check_call = plain
        importlib.invalidate_caches()


async def load_and_call(request):
    from prefect.deployments.steps import core

    with installer():
        function = core._get_function_for_step(request["path"], requires=request.get("requires"))
    if request["op"] == "require":
        return None
    return await call(function, decode(request["inputs"]))


def run_step(request):
    with warnings.catch_warnings(record=True) as caught:
        from prefect._internal.compatibility.deprecated import PrefectDeprecationWarning

        warnings.simplefilter("always", category=PrefectDeprecationWarning)
        warnings.simplefilter("always", category=DeprecationWarning)
        result = asyncio.run(load_and_call(request))
    for message in dict.fromkeys(str(w.message) for w in caught):
        print(message, flush=True)
    if not isinstance(result, dict):
        return {"outputs": None}
    notes = []
    outputs = encode(result, "", notes)
    return {"outputs": outputs, "notes": notes}


def flow(request):
    """What `prefect deploy` reads off a flow."""
    from prefect.flows import load_flow_from_entrypoint
    from prefect.utilities.callables import parameter_schema

    loaded = load_flow_from_entrypoint(request["entrypoint"])
    return {"name": loaded.name, "description": loaded.description, "version": loaded.version,
            "schema": schema_of(parameter_schema(loaded))}


def schema_of(schema):
    """The schema as `prefect deploy` of this Prefect sends it."""
    import uuid

    from prefect.client.schemas.actions import DeploymentCreate

    # Prefect 3 deploys through RunnerDeployment, which leaves out what was not set; Prefect 2 leaves out None.
    data = schema.dict() if sys.modules["prefect"].__version__.startswith("2.") else schema.model_dump(exclude_unset=True)
    body = DeploymentCreate(name="x", flow_id=uuid.uuid4(), parameter_openapi_schema=data)
    if hasattr(body, "model_dump"):
        return body.model_dump(mode="json", include={"parameter_openapi_schema"})["parameter_openapi_schema"]
    return json.loads(body.json(include={"parameter_openapi_schema"}))["parameter_openapi_schema"]


def version(request):
    import prefect

    return {"prefect": prefect.__version__, "python": ".".join(map(str, sys.version_info[:3])), "executable": sys.executable}


OPERATIONS = {"run": run_step, "require": run_step, "flow": flow, "version": version}


class Child:
    def __init__(self, requests, replies):
        for fd in (requests, replies):
            os.set_inheritable(fd, False)
        self.requests = os.fdopen(requests, "rb")
        self.replies = os.fdopen(replies, "wb", buffering=0)
        self.waiting = queue.Queue()
        self.busy = False
        self.environment = dict(os.environ)

    def read(self):
        """Runs in a thread, so that the end of the parent is noticed while a step runs."""
        for line in self.requests:
            self.waiting.put(line)
        self.waiting.put(None)
        if self.busy:
            if hasattr(os, "getpgrp") and os.getpgrp() == os.getpid():
                os.killpg(os.getpgrp(), signal.SIGKILL)
            os._exit(1)

    def serve(self):
        threading.Thread(target=self.read, daemon=True).start()
        while (line := self.waiting.get()) is not None:
            self.busy = True
            reply = self.answer(json.loads(line))
            self.replies.write(json.dumps(reply, allow_nan=False).encode() + b"\n")
            self.busy = False

    def answer(self, request):
        reply = {"id": request["id"]}
        before = None
        try:
            self.enter(request)
            before = dict(os.environ)
            reply["result"] = OPERATIONS[request["op"]](request)
            json.dumps(reply, allow_nan=False)
        except BaseException as exc:
            reply = {"id": request["id"], "error": describe(exc)}
        if before is not None:
            reply.update(self.changes(before))
        reply["marked"] = self.mark(request["marker"])
        return reply

    def enter(self, request):
        os.chdir(request["dir"])
        wanted = dict(request["env"])
        for name in set(self.environment) - set(wanted):
            os.environ.pop(name, None)
        for name, text in wanted.items():
            if self.environment.get(name) != text:
                os.environ[name] = text
        self.environment = wanted

    def changes(self, before):
        """What the request did to the working directory and the environment, which steps share."""
        after = dict(os.environ)
        changed = {k: v for k, v in after.items() if before.get(k) != v}
        removed = [k for k in before if k not in after]
        self.environment = {k: v for k, v in {**self.environment, **changed}.items() if k not in removed}
        try:
            directory = os.getcwd()
        except OSError:
            directory = None
        return {"dir": directory, "changed": changed, "removed": removed}

    def mark(self, marker):
        done = []
        for fd, stream in ((1, sys.stdout), (2, sys.stderr)):
            try:
                stream.flush()
            except Exception:
                pass
            try:
                os.write(fd, marker.encode())
                done.append(fd)
            except OSError:
                pass
        return done


def main():
    if os.name == "nt":  # no further pipes there: replies take the place of standard output, which joins standard error
        requests, replies = os.dup(0), os.dup(1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
    else:
        requests, replies = 3, 4
    Child(requests, replies).serve()


main()
