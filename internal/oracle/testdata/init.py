"""Make projects with the real Prefect: reads a list of cases, writes what files each got. The command line does the same call."""
import json
import os
import sys

from prefect.deployments.base import initialize_project

out = []
for case in json.load(sys.stdin):
    os.chdir(case["dir"])
    before = set(os.listdir("."))
    initialize_project(name=case["name"] or None, recipe=case["recipe"] or None, inputs=dict(case["fields"] or {}))
    made = {}
    for name in set(os.listdir(".")) - before:
        with open(name) as f:
            made[name] = f.read()
        os.remove(name)
    out.append(made)
json.dump(out, sys.stdout)
