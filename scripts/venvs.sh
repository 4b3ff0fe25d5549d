#!/usr/bin/env bash
# venvs.sh -- prepare the pinned Prefect 2 and 3 that the tests compare with; print their directory.
#
# The venvs live outside the checkout, in ${PREFECTC_CACHE:-${XDG_CACHE_HOME:-~/.cache}/prefectc}/venvs-KEY, where KEY is
# a hash of the pins and of the script that installs them: new pins make new venvs, old pins find the old ones.
# PREFECTC_VENVS names ready-made ones instead. A venv cannot be built under another name and moved, so a marker file
# written last says that one is complete, and a lock lets several callers wait for one installation.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
oracle=$root/testdata/oracle

if [ -n "${PREFECTC_VENVS:-}" ]; then
  for v in 2 3; do
    [ -x "$PREFECTC_VENVS/p$v/bin/prefect" ] || { echo "venvs.sh: no prefect in PREFECTC_VENVS/p$v" >&2; exit 2; }
  done
  echo "$PREFECTC_VENVS"
  exit 0
fi

key=$(cat "$oracle/constraints-2.txt" "$oracle/constraints-3.txt" "$oracle/setup.sh" | sha256sum | cut -c1-12)
dir=${PREFECTC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/prefectc}/venvs-$key

# Prefect 2.20 runs on Python 3.9 to 3.12.
find_python() {
  local candidate
  for candidate in "${ORACLE_PYTHON:-}" python3.11 python3.12 python3.10 python3 python3.9; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys, ensurepip, venv; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "venvs.sh: needs Python 3.9 to 3.12 with its venv module; name one with ORACLE_PYTHON" >&2
  return 1
}

works() { "$dir/p$1/bin/python" -c 'import prefect' >/dev/null 2>&1; }

install() { # VERSION
  local v=$1 log
  [ -f "$dir/p$v.done" ] && return
  if [ -x "$dir/p$v/bin/prefect" ] && works "$v"; then # made before there were markers
    touch "$dir/p$v.done"
    return
  fi
  rm -rf "$dir/p$v"
  log=$dir/p$v.log
  echo "venvs.sh: installing Prefect $v into $dir/p$v (a few minutes, once)" >&2
  if ! ORACLE_PYTHON=$python "$oracle/setup.sh" "$dir" "$v" >"$log" 2>&1; then
    echo "venvs.sh: Prefect $v could not be installed:" >&2
    tail -20 "$log" >&2
    return 1
  fi
  touch "$dir/p$v.done"
}

if [ ! -f "$dir/p2.done" ] || [ ! -f "$dir/p3.done" ]; then
  python=$(find_python)
  mkdir -p "$dir"
  exec 9>"$dir/lock"
  flock 9
  install 2 9>&- & second=$!
  install 3 9>&- & third=$!
  failed=0
  wait "$second" || failed=1
  wait "$third" || failed=1
  [ "$failed" = 0 ] || exit 1
fi
echo "$dir"
