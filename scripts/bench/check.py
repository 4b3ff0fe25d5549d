#!/usr/bin/env python3
"""check.py [--sizes 1,10,100,1000] [--pairs 9]

Times `prefectc check` against check-jsonschema with Prefect's own schema, as whole processes, on the same files: in each
pair one run of each, in turn, so that a busy machine burdens both. Prints medians of wall time, CPU time and peak memory, and
the median of the pairs' ratios. The schema is the one Prefect 3.8.8's own model of prefect.yaml gives. Needs bin/prefectc
(make build) and the venvs of scripts/venvs.sh; check-jsonschema is installed into a venv beside those when it is missing."""
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
PIN = "check-jsonschema==0.39.0"


def run(cmd, env=None):
    """(wall s, cpu s, peak MiB) of one process."""
    with open(os.devnull, "w") as null:
        began = time.monotonic()
        p = subprocess.Popen(cmd, stdout=null, stderr=null, env=env)
        _, status, usage = os.wait4(p.pid, 0)
        wall = time.monotonic() - began
        p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode not in (0, 1):
        sys.exit(f"{cmd[0]}: exit {p.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def peak(cmd):
    """Peak memory: a small process in between, since a child's count starts at its parent's size."""
    script = "import os,subprocess,sys;p=subprocess.Popen(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL);" \
        "print(os.wait4(p.pid,0)[2].ru_maxrss/1024)"
    return float(subprocess.run([sys.executable, "-S", "-c", script, *cmd], capture_output=True, text=True, check=True).stdout)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--sizes", default="1,10,100,1000")
    p.add_argument("--pairs", type=int, default=9)
    a = p.parse_args()
    venvs = Path(subprocess.run([ROOT / "scripts" / "venvs.sh"], capture_output=True, text=True, check=True).stdout.strip())
    tool = venvs.parent / f"venv-{PIN.replace('==', '-')}"
    if not (tool / "bin" / "check-jsonschema").exists():
        subprocess.run([sys.executable, "-m", "venv", tool], check=True)
        subprocess.run([tool / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", PIN], check=True)
    work = Path(tempfile.mkdtemp(prefix="prefectc-bench-"))
    schema = subprocess.run([venvs / "p3" / "bin" / "python", "-c", "import json\nfrom prefect.cli.deploy._models import PrefectYamlModel\n"
                             "print(json.dumps(PrefectYamlModel.model_json_schema()))"], capture_output=True, text=True, check=True).stdout
    (work / "schema.json").write_text(schema)
    prefectc = str(ROOT / "bin" / "prefectc")
    rows = []
    for n in map(int, a.sizes.split(",")):
        f = work / f"prefect-{n}.yaml"
        f.write_text(subprocess.run([sys.executable, ROOT / "scripts" / "lsp" / "gen_prefect.py", str(n)],
                                    capture_output=True, text=True, check=True).stdout)
        ours, theirs = [prefectc, "check", str(f)], [str(tool / "bin" / "check-jsonschema"), "--schemafile", str(work / "schema.json"), str(f)]
        run(ours), run(theirs)
        pairs = [(run(ours), run(theirs)) for _ in range(a.pairs)]
        med = lambda side, i: statistics.median(x[side][i] for x in pairs)  # noqa: E731
        rows.append({"deployments": n, "bytes": f.stat().st_size,
                     "prefectc": {"wall_ms": round(med(0, 0) * 1000, 1), "cpu_ms": round(med(0, 1) * 1000, 1), "peak_mib": round(peak(ours), 1)},
                     "check-jsonschema": {"wall_ms": round(med(1, 0) * 1000, 1), "cpu_ms": round(med(1, 1) * 1000, 1), "peak_mib": round(peak(theirs), 1)},
                     "times_faster_wall": round(statistics.median(t[0] / o[0] for o, t in pairs), 1),
                     "times_faster_cpu": round(statistics.median(t[1] / max(o[1], 1e-4) for o, t in pairs), 1)})
        print(json.dumps(rows[-1]), flush=True)


if __name__ == "__main__":
    main()
