#!/usr/bin/env bash
# integrations.sh -- prepare a Python that has Prefect 3 of scripts/venvs.sh and, beside it, Prefect's integrations for Docker and AWS,
# in the pinned versions; print its path. It is kept next to the venvs and made once.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
pins="prefect-docker==0.7.4 prefect-aws==0.7.12 aiobotocore==3.10.0 boto3==1.43.117 botocore==1.43.117"

venvs=$("$root/scripts/venvs.sh")
real=$venvs/p3/bin/python
key=$({ echo "$pins"; cat "$root/testdata/oracle/constraints-3.txt"; } | sha256sum | cut -c1-12)
cache=${PREFECTC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/prefectc}
dir=$cache/integrations-$key
mkdir -p "$cache"
exec 9>"$dir.lock"
flock 9
if [ ! -f "$dir/done" ]; then
  rm -rf "$dir"
  "$real" -m venv --without-pip "$dir" >&2
  site=$("$dir/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  "$real" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' >"$site/prefect.pth"
  # shellcheck disable=SC2086 # several pins
  "$dir/bin/python" -m pip install -q --disable-pip-version-check -c "$root/testdata/oracle/constraints-3.txt" $pins >&2
  touch "$dir/done"
fi
echo "$dir/bin/python"
