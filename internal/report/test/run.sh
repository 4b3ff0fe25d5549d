#!/usr/bin/env bash
# run.sh -- use reports in a real browser. Screenshots: artifacts/report/.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
PREFECTC_EDITORS=$("$root/scripts/editors.sh")
CHROMIUM=$(command -v chromium)
export PREFECTC_EDITORS CHROMIUM PREFECTC="$root/bin/prefectc" ARTIFACTS="$root/artifacts/report" PATH="$PREFECTC_EDITORS:$PATH" # its Node first
mkdir -p "$ARTIFACTS"
cd "$root"
node --test "$here/report.test.mjs"
