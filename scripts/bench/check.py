#!/usr/bin/env python3
"""check.py [--sizes 1,10,100,1000] [--rounds 9] [--files 500]

Times `prefectc check` against check-jsonschema with Prefect's own schema and against yamllint, as whole processes, on the
same files: in each round one run of each, in turn, so that a busy machine burdens all. Prints medians of wall time, CPU
time and peak memory, and the medians of each round's ratios. Then times one check of many files on one core and on two, in
turn. The schema is the one Prefect 3.8.8's own model of prefect.yaml gives. Needs bin/prefectc (make build) and the venvs of
scripts/venvs.sh; the other tools are installed into a venv beside those when they are missing."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PINS = ["check-jsonschema==0.39.0", "yamllint==1.38.0"]


def run(cmd, cores=None):
    """(wall s, cpu s) of one process, on so many cores at most."""
    limit = (lambda: os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])) if cores else None
    with open(os.devnull, "w") as null:
        began = time.monotonic()
        p = subprocess.Popen(cmd, stdout=null, stderr=null, preexec_fn=limit)
        _, status, usage = os.wait4(p.pid, 0)
        wall = time.monotonic() - began
        p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode not in (0, 1):
        sys.exit(f"{cmd[0]}: exit {p.returncode}")
    return wall, usage.ru_utime + usage.ru_stime


def peak(cmd):
    """Peak memory in MiB: a small process in between, since a child's count starts at its parent's size."""
    script = "import os,subprocess,sys;p=subprocess.Popen(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL);" \
        "print(os.wait4(p.pid,0)[2].ru_maxrss/1024)"
    return float(subprocess.run([sys.executable, "-S", "-c", script, *cmd], capture_output=True, text=True, check=True).stdout)


def tools():
    """The folder of the other tools' programs, and that of Prefect 3's."""
    venvs = Path(subprocess.run([ROOT / "scripts" / "venvs.sh"], capture_output=True, text=True, check=True).stdout.strip())
    venv = venvs.parent / ("venv-" + "-".join(PINS).replace("==", "-"))
    if not (venv / "bin" / "yamllint").exists():
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *PINS], check=True)
    return venv / "bin", venvs / "p3" / "bin"


def deployments(n):
    """A file with n deployments."""
    return subprocess.run([sys.executable, ROOT / "scripts" / "lsp" / "gen_prefect.py", str(n)], capture_output=True, text=True, check=True).stdout


def against_peers(n, rounds, work, commands):
    f = work / f"prefect-{n}.yaml"
    f.write_text(deployments(n))
    runs = {name: [] for name in commands}
    for i in range(rounds + 1):
        for name, command in commands.items():
            measured = run([*command, str(f)])
            if i > 0:  # the first warms the disk
                runs[name].append(measured)
    row = {"deployments": n, "bytes": f.stat().st_size}
    for name, command in commands.items():
        row[name] = {"wall_ms": round(statistics.median(w for w, _ in runs[name]) * 1000, 1),
                     "cpu_ms": round(statistics.median(c for _, c in runs[name]) * 1000, 1), "peak_mib": round(peak([*command, str(f)]), 1)}
        if name != "prefectc":
            pairs = list(zip(runs["prefectc"], runs[name]))
            row[name]["times_slower_wall"] = round(statistics.median(t[0] / o[0] for o, t in pairs), 1)
            row[name]["times_slower_cpu"] = round(statistics.median(t[1] / max(o[1], 1e-4) for o, t in pairs), 1)
    print(json.dumps(row), flush=True)


def on_two_cores(files, rounds, work, prefectc):
    many = work / "many"
    many.mkdir()
    text = deployments(40)
    for i in range(files):
        folder = many / f"project-{i}"
        folder.mkdir()
        (folder / "prefect.yaml").write_text(text)
    pairs = [(run([prefectc, "check", str(many)], 1), run([prefectc, "check", str(many)], 2)) for _ in range(rounds)]
    print(json.dumps({"files": files, "one_core_ms": round(min(o[0] for o, _ in pairs) * 1000), "two_cores_ms": round(min(t[0] for _, t in pairs) * 1000),
                      "times_faster_best": round(min(o[0] for o, _ in pairs) / min(t[0] for _, t in pairs), 2),
                      "times_faster_median": round(statistics.median(o[0] / t[0] for o, t in pairs), 2)}), flush=True)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--sizes", default="1,10,100,1000")
    p.add_argument("--rounds", type=int, default=9)
    p.add_argument("--files", type=int, default=500)
    a = p.parse_args()
    others, prefect = tools()
    prefectc = str(ROOT / "bin" / "prefectc")
    with tempfile.TemporaryDirectory(prefix="prefectc-bench-") as folder:
        work = Path(folder)
        schema = subprocess.run([prefect / "python", "-c", "import json\nfrom prefect.cli.deploy._models import PrefectYamlModel\n"
                                 "print(json.dumps(PrefectYamlModel.model_json_schema()))"], capture_output=True, text=True, check=True).stdout
        (work / "schema.json").write_text(schema)
        commands = {"prefectc": [prefectc, "check"], "check-jsonschema": [str(others / "check-jsonschema"), "--schemafile", str(work / "schema.json")],
                    "yamllint": [str(others / "yamllint")]}
        for n in map(int, a.sizes.split(",")):
            against_peers(n, a.rounds, work, commands)
        on_two_cores(a.files, a.rounds, work, prefectc)


if __name__ == "__main__":
    main()
