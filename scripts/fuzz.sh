#!/usr/bin/env bash
# fuzz.sh -- run fuzz targets of the module. "fuzz.sh [TIME]" runs every one, one after the other, for TIME (20s) each;
# "fuzz.sh core [TIME]" the six that bad input reaches first, two at a time, for make test.
# A finding is written to the target's testdata/fuzz and fails the run; committed seeds run in every "go test".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

core="./compiler/yamldoc FuzzRead
./compiler/template FuzzFind
./compiler/pyflow FuzzScan
./compiler/schedule FuzzParseRRule
./compiler/model/policy FuzzConfig
./compiler FuzzFix"

every() {
  grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u | while read -r dir; do
    go test -list '^Fuzz' "$dir" | { grep '^Fuzz' || true; } | sed "s|^|$dir |"
  done
}

if [ "${1:-}" = core ]; then
  shift
  targets=$core at_once=2
else
  targets=$(every) at_once=1
fi
each=${1:-20s}
[ -n "$targets" ] || { echo "fuzz.sh: there is no fuzz target" >&2; exit 1; }

printf '%s\n' "$targets" | xargs -P "$at_once" -L 1 bash -c '
  printf "%s %s\n" "$1" "$2"
  out=$(go test -run "^\$" -fuzz "^$2\$" -fuzztime "$0" -fuzzminimizetime 5s -parallel '$((3 - at_once))' "$1" 2>&1) ||
    { printf "%s\n" "$out"; exit 255; }
  printf "%s\n" "$out" | tail -n 1' "$each"
printf '%d fuzz targets, %s each\n' "$(printf '%s\n' "$targets" | wc -l)" "$each"
