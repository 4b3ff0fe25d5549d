#!/usr/bin/env bash
# fuzz.sh -- run every fuzz target of the module, one after the other; the first argument is the time for each (20s).
# A finding is written to the target's testdata/fuzz and fails the run; committed seeds run in every "go test".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

each=${1:-20s}
count=0
while read -r dir; do
  targets=$(go test -list '^Fuzz' "$dir" | grep '^Fuzz' || true)
  for target in $targets; do
    count=$((count + 1))
    printf '%s %s\n' "$dir" "$target"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$each" -fuzzminimizetime 5s "$dir"
  done
done < <(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u)
if [ "$count" -eq 0 ]; then
  echo "fuzz.sh: there is no fuzz target" >&2
  exit 1
fi
echo "$count fuzz targets, $each each"
