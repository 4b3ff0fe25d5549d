#!/usr/bin/env bash
# neovim.sh -- the language server in a real, headless Neovim.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PREFECTC_EDITORS=$("$here/../../scripts/editors.sh")
export PREFECTC_EDITORS PREFECT_LSP=${PREFECT_LSP:-$here/../../bin/prefect-lsp}
"$PREFECTC_EDITORS/node" --test "$here"/neovim.test.mjs
