#!/usr/bin/env bash
# editors.sh -- prepare the real editors of the tests; print their directory.
#
# VS Code (code-server), the Node it needs and the browser driver go, by their lock file, into
# ${PREFECTC_CACHE:-${XDG_CACHE_HOME:-~/.cache}/prefectc}/editors-KEY; KEY is a hash of that file and of this one.
# Chromium, a font and Neovim come from the system's packages and are installed only when they are missing (apt, so as
# root or with sudo). Afterwards DIR/node is a link to the Node binary. About 0.9 GB and two minutes, once.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
pins=$root/editors/test
key=$(cat "$pins/package.json" "$pins/package-lock.json" "${BASH_SOURCE[0]}" | sha256sum | cut -c1-12)
dir=${PREFECTC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/prefectc}/editors-$key
mkdir -p "$dir"
exec 9>"$dir/lock"
flock 9

packages=()
command -v chromium >/dev/null || packages+=(chromium fonts-dejavu-core)
command -v nvim >/dev/null || packages+=(neovim)
command -v npm >/dev/null || packages+=(nodejs npm)
if [ ${#packages[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || { echo "editors.sh: missing and no apt-get to install them: ${packages[*]}" >&2; exit 2; }
  sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  echo "editors.sh: installing ${packages[*]}" >&2
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive sh -ec \
    'apt-get update -qq; apt-get install -y -qq --no-install-recommends "$@"' apt "${packages[@]}" >"$dir/apt.log" 2>&1 9>&- ||
    { tail -20 "$dir/apt.log" >&2; exit 1; }
fi

if [ ! -f "$dir/done" ]; then
  echo "editors.sh: installing VS Code into $dir (two minutes, once)" >&2
  cp "$pins/package.json" "$pins/package-lock.json" "$pins/.npmrc" "$dir/"
  # Scripts are left out: they compile native modules that the editor runs without, and one that would download.
  install() { (cd "$1" && npm "${@:2}" --ignore-scripts --no-audit --no-fund --loglevel=error 9>&-) >>"$dir/npm.log" 2>&1; }
  : >"$dir/npm.log"
  install "$dir" ci &&
    install "$dir/node_modules/code-server/lib/vscode" install --omit=dev &&
    install "$dir/node_modules/code-server/lib/vscode/extensions" install --omit=dev ||
    { tail -20 "$dir/npm.log" >&2; exit 1; }
  case $(uname -m) in
    x86_64) arch=x64 ;;
    aarch64) arch=arm64 ;;
    *) echo "editors.sh: no Node pinned for $(uname -m)" >&2; exit 2 ;;
  esac
  ln -sfn "node_modules/node-linux-$arch/bin/node" "$dir/node"
  "$dir/node" --version >/dev/null
  touch "$dir/done"
fi
echo "$dir"
