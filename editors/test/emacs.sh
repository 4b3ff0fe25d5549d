#!/usr/bin/env bash
# emacs.sh -- the language server in a real Emacs in batch mode, with the settings of editors/emacs.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
EMACS=$("$here/../../scripts/emacs.sh")
PREFECTC_EDITORS=$("$here/../../scripts/editors.sh")
export EMACS PREFECT_LSP=${PREFECT_LSP:-$here/../../bin/prefect-lsp}
"$PREFECTC_EDITORS/node" --test "$here"/emacs.test.mjs
