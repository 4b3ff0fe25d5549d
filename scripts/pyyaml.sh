#!/usr/bin/env bash
# pyyaml.sh -- compare the reader with PyYAML itself, live: the corpus and the oracle's cases beside the module, where they
# are, and documents made from a fresh seed.
#   scripts/pyyaml.sh [COUNT [SEED]]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

count=${1:-24000}
seed=${2:-$RANDOM}
python=$(scripts/venvs.sh)/p3/bin/python
record=$(mktemp)
trap 'rm -f "$record"' EXIT

mapfile -t files < <(find ../shared/corpus ../shared/oracle/cases testdata \( -name '*.yaml' -o -name '*.yml' \) -type f 2>/dev/null | sort)
echo "PyYAML reads $count documents made from seed $seed and ${#files[@]} files"
printf '%s\0' "${files[@]}" | "$python" -B compiler/yamldoc/testdata/generate.py "$count" "$seed" "$record"
PREFECTC_PYYAML_RECORD=$record go test -count=1 -v -run '^TestGenerated$' ./compiler/yamldoc
