"""Packs the time zone database that Prefect itself uses into ../zoneinfo.zip.

Run with the Python of a Prefect 3 environment that has the tzdata and pytz packages:

    python testdata/zones.py [PYTHON_OF_PREFECT_2]

The archive holds each distinct zone once, an entry "aliases" with lines "NAME TARGET", an entry "version", and an entry
"prefect2-missing" naming the zones that Prefect 2.20's pendulum does not know (cron and interval schedules only).
"""

import importlib.resources
import pathlib
import subprocess
import sys
import zipfile

import tzdata

root = importlib.resources.files("tzdata")
names = sorted(root.joinpath("zones").read_text().split())
target = pathlib.Path(__file__).parent.parent / "zoneinfo.zip"

missing = []
if len(sys.argv) > 1:
    known = subprocess.run(
        [sys.argv[1], "-c", "import pendulum; print(*pendulum.timezones)"],
        check=True, capture_output=True, text=True,
    ).stdout.split()
    missing = sorted(set(names) - set(known))


def entry(name):
    return zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))


with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
    first, aliases = {}, []
    for name in names:
        data = root.joinpath("zoneinfo", *name.split("/")).read_bytes()
        if data in first:
            aliases.append(f"{name} {first[data]}")
            continue
        first[data] = name
        z.writestr(entry(name), data, zipfile.ZIP_DEFLATED, 9)
    z.writestr(entry("aliases"), "\n".join(aliases) + "\n", zipfile.ZIP_DEFLATED, 9)
    z.writestr(entry("version"), tzdata.IANA_VERSION + "\n", zipfile.ZIP_STORED)
    z.writestr(entry("prefect2-missing"), "\n".join(missing) + "\n", zipfile.ZIP_STORED)
