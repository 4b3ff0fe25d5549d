#!/usr/bin/env bash
# emacs.sh -- print the path of an Emacs with Eglot, installing it with the system's package manager (apt, so as root or with sudo)
# when it is missing: 28 with Eglot beside it in Debian 12, later ones have it inside.
set -euo pipefail
has_eglot() { command -v emacs >/dev/null && emacs --batch -Q --eval '(progn (dolist (d (file-expand-wildcards "/usr/share/emacs/site-lisp/elpa/*")) (add-to-list (quote load-path) d)) (require (quote eglot)))' >/dev/null 2>&1; }
if ! has_eglot; then
  command -v apt-get >/dev/null || { echo "emacs.sh: no Emacs with Eglot, and no apt-get to install one" >&2; exit 2; }
  sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  echo "emacs.sh: installing emacs-nox" >&2
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive sh -ec '
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends emacs-nox
    apt-get install -y -qq --no-install-recommends elpa-eglot || true # not where Eglot is inside' >"$log" 2>&1 || { tail -20 "$log" >&2; exit 1; }
  has_eglot || { echo "emacs.sh: Emacs has no Eglot" >&2; exit 1; }
fi
command -v emacs
