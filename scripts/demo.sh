#!/usr/bin/env bash
# demo.sh -- the whole path on the example project: check, plan, apply to a real Prefect 3 server, look with Prefect's own client.
# Everything it starts listens on loopback, keeps its data in a temporary folder, and is stopped at the end.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '\n\033[1m# %s\033[0m\n' "$*"; }
run() { printf '\033[2m$ %s\033[0m\n' "$*"; "$@"; }

say "Build prefectc, and prepare the pinned Prefect $(sed -n 's/.*make 3 \([0-9.]*\) ;;.*/\1/p' testdata/oracle/setup.sh | head -1) it is shown against"
scripts/venvs.sh >/dev/null & venvs_job=$!
run make --no-print-directory build
wait "$venvs_job"
ORACLE_VENVS=$(scripts/venvs.sh)
export ORACLE_VENVS VIRTUAL_ENV=$ORACLE_VENVS/p3
PATH=$root/bin:$ORACLE_VENVS/p3/bin:$PATH

data=$(mktemp -d)
port=$(python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
finish() {
  status=$?
  [ ! -f "$data/server/server.pid" ] || "$root/testdata/oracle/server.sh" stop 3 "$port" "$data/server"
  rm -rf "$data"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

cd "$root/examples/hello"
say "Check the file: no network, no process, no project code"
run prefectc check
say "Plan it, still offline: what each deployment will run and register"
run prefectc plan --all --offline

say "Start a real Prefect server, with two process work pools"
ORACLE_NO_FIXTURES=1 "$root/testdata/oracle/server.sh" start 3 "$port" "$data/server"
export PREFECT_API_URL=http://127.0.0.1:$port/api PREFECT_HOME=$data/home DO_NOT_TRACK=1 PREFECT_SERVER_ANALYTICS_ENABLED=false PYTHONDONTWRITEBYTECODE=1
run prefect --no-prompt work-pool create --type process my-shared-work-pool >/dev/null
run prefect --no-prompt work-pool create --type process my-process-work-pool >/dev/null
run prefect --no-prompt work-queue create --pool my-process-work-pool primary-queue >/dev/null

say "Deploy all three"
run prefectc apply --all
say "Prefect's own client sees them"
run prefect deployment ls
say "Deploy again: nothing has changed, so nothing is written"
run prefectc apply --all | tee "$data/again"
grep -q '3 unchanged' "$data/again" || { echo "demo.sh: the second apply changed something" >&2; exit 1; }
say "The guide's own slips: each is shown with its fix (exit code 1)"
run prefectc check "$root/examples/slips" && { echo "demo.sh: the slips were not found" >&2; exit 1; } || [ $? = 1 ]
