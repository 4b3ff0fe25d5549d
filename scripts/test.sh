#!/usr/bin/env bash
# test.sh -- every check and test of the project (make test). The slow preparations, Prefect and the editors, run while
# Go compiles; a part that fails does not hide the parts after it.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

started=$SECONDS
failed=()
part() { # NAME COMMAND…
  local name=$1 from=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then
    printf -- '-- %s: ok, %d s\n' "$name" $((SECONDS - from))
  else
    printf -- '-- %s: FAILED, %d s\n' "$name" $((SECONDS - from))
    failed+=("$name")
  fi
}

scripts/venvs.sh >/dev/null & venvs=$!
scripts/editors.sh >/dev/null & editors=$!
part build make --no-print-directory build
part lint make --no-print-directory lint
part go make --no-print-directory test-go
part fuzz make --no-print-directory test-fuzz
part "prepare Prefect" wait "$venvs"
part oracle make --no-print-directory test-oracle
part "prepare the editors" wait "$editors"
part report make --no-print-directory test-report
part neovim make --no-print-directory test-neovim
part emacs make --no-print-directory test-emacs
part vscode make --no-print-directory test-vscode

printf '\n'
if [ ${#failed[@]} -gt 0 ]; then
  printf 'FAILED after %d s:' $((SECONDS - started))
  printf ' %s' "${failed[@]}"
  printf '\n'
  exit 1
fi
printf 'all tests passed in %d s\n' $((SECONDS - started))
