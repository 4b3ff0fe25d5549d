#!/usr/bin/env bash
# action.sh -- what the GitHub Action (action.yml) runs. Its inputs come as environment variables; nothing of them is
# ever evaluated as shell text. Exit code: that of the check, else that of the plan.
set -uo pipefail

work=${RUNNER_TEMP:-$(mktemp -d)}

# A prefectc on the PATH is taken as it is; else the wheel goes into a venv of its own.
if ! command -v prefectc >/dev/null; then
  python3 -m venv "$work/prefectc-venv" &&
    "$work/prefectc-venv/bin/pip" install --quiet --disable-pip-version-check "prefectc${PREFECTC_VERSION:+==$PREFECTC_VERSION}" || exit 2
  PATH=$work/prefectc-venv/bin:$PATH
fi
prefectc version

# Words, without globbing: paths and arguments hold no quotes of their own.
set -f
read -r -a paths <<<"${PREFECTC_PATHS:-.}"
read -r -a args <<<"${PREFECTC_ARGS:-}"
read -r -a planned <<<"${PREFECTC_PLAN:-}"

if [ -n "${PREFECTC_SARIF:-}" ]; then
  prefectc check --format sarif --output "$PREFECTC_SARIF" "${args[@]}" -- "${paths[@]}"
fi
prefectc check --format github --fail-on "${PREFECTC_FAIL_ON:-error}" "${args[@]}" -- "${paths[@]}"
status=$?

if [ ${#planned[@]} -gt 0 ]; then
  [ -n "${PREFECT_API_URL:-}" ] || planned+=(--offline)
  plan=$work/prefectc-plan.md
  if prefectc plan "${planned[@]}" --format markdown >"$plan" 2>"$work/prefectc-plan.err"; then
    echo "plan-file=$plan" >>"${GITHUB_OUTPUT:-/dev/null}"
  else
    failed=$?
    [ "$status" -ne 0 ] || status=$failed
    { echo '### prefectc plan: nothing can be deployed'; echo '```text'; cat "$work/prefectc-plan.err"; echo '```'; } >"$plan"
  fi
  cat "$work/prefectc-plan.err" >&2
  cat "$plan" >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"
  if [ "${PREFECTC_COMMENT:-false}" = true ] && [ -n "${PREFECTC_PULL:-}" ]; then
    gh pr comment "$PREFECTC_PULL" --repo "$GITHUB_REPOSITORY" --body-file "$plan" --edit-last --create-if-none || status=1
  fi
fi
exit "$status"
