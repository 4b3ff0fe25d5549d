#!/usr/bin/env bash
# run.sh -- type-check, bundle and package the extension, then use the .vsix in a real VS Code. Screenshots: artifacts/vscode/.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
PREFECTC_EDITORS=$("$root/scripts/editors.sh")
CHROMIUM=$(command -v chromium)
export PREFECTC_EDITORS CHROMIUM PATH="$PREFECTC_EDITORS:$PATH" # its Node first
artifacts=$root/artifacts/vscode

cd "$root/editors/vscode"
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
fi
npx tsc --noEmit
node bundle.mjs
rm -rf "$artifacts"
VSIX=$(node package.mjs --out="$artifacts" | tail -1)
export VSIX ARTIFACTS=$artifacts
node --test --test-concurrency=1 test/*.test.mjs
