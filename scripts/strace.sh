#!/usr/bin/env bash
# Prints the path of strace, installing it with the system's package manager when it is missing.
set -euo pipefail

if ! command -v strace >/dev/null; then
	sudo=""
	[ "$(id -u)" = 0 ] || sudo="sudo -n"
	if command -v apt-get >/dev/null; then
		$sudo apt-get install -qq -y strace >&2 || { $sudo apt-get update -qq >&2 && $sudo apt-get install -qq -y strace >&2; }
	elif command -v dnf >/dev/null; then
		$sudo dnf install -q -y strace >&2
	elif command -v apk >/dev/null; then
		$sudo apk add -q strace >&2
	else
		echo "strace is missing, and no package manager is known that has it" >&2
		exit 1
	fi
fi
command -v strace
