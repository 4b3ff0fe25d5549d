"""Ask a real Prefect what it makes of the flow files beside this script.

Run in this directory with the Python of a Prefect 2 and of a Prefect 3:
    python record.py > recorded-2.json
It loads every flow by its entrypoint, as deploy does, and prints name, description, version and parameter schema.
"""
import ast
import asyncio
import functools
import hashlib
import inspect
import json
import pathlib
import sys
import warnings

import prefect
from prefect.flows import load_flow_from_entrypoint
from prefect.utilities import importtools
from prefect.utilities.callables import parameter_schema

warnings.simplefilter("ignore")
importtools.load_script_as_module = functools.cache(importtools.load_script_as_module)  # each file runs once


def load(entrypoint):
    flow = load_flow_from_entrypoint(entrypoint)
    return asyncio.run(flow) if inspect.iscoroutine(flow) else flow


def schema(flow):
    made = parameter_schema(flow)
    body = json.loads(made.json() if prefect.__version__[0] == "2" else made.model_dump_json())
    return {k: v for k, v in body.items() if v is not None and (v or k == "properties")}


def describe(path, name):
    flow = load(f"{path}:{name}")
    digest = hashlib.md5(pathlib.Path(path).read_bytes()).hexdigest()
    return {
        "name": flow.name,
        "description": flow.description,
        "version": None if flow.version in (None, digest) or len(flow.version) == 32 else flow.version,
        "schema": schema(flow),
    }


def names(path):
    """Everything that an entrypoint might name, in the order of the last definition."""
    found = {}

    def visit(body, prefix):
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found[prefix + node.name] = True
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found[prefix + node.targets[0].id] = True
            elif isinstance(node, ast.ClassDef):
                if prefix == "":
                    visit(node.body, node.name + ".")
            else:
                visit(getattr(node, "body", []) + getattr(node, "orelse", []), prefix)

    visit(ast.parse(pathlib.Path(path).read_text()).body, "")
    return found


recorded = {}
for path in sorted(pathlib.Path(".").glob("*.py")):
    if path.name == "record.py":
        continue
    recorded[path.name] = {}
    for name in names(str(path)):
        try:
            recorded[path.name][name] = describe(str(path), name)
        except Exception as error:
            recorded[path.name][name] = {"error": type(error).__name__}
json.dump(recorded, sys.stdout, indent=1, sort_keys=True)
print()
