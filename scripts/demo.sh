#!/bin/sh
# demo.sh - from a fresh clone to numbers: install what is missing, build, and show one
# thread-per-connection server built with cc and with cohook-cc under the same load of
# several thousand connections.
#
#	scripts/demo.sh [--connections N] [--turns N] [--seconds S]
#
# Exit status: 0, or not 0 with a message when anything failed, be it one wrong byte.
set -eu
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# quietly WHAT COMMAND...: the output is only of interest when it fails.
quietly() {
	what=$1
	shift
	printf '%s ...\n' "$what"
	if ! "$@" >"$log" 2>&1; then
		tail -n 60 "$log" >&2
		printf 'demo: %s failed: %s\n' "$what" "$*" >&2
		exit 1
	fi
}

scripts/deps.sh build

# The tests are part of the build where their library is; the rest builds without it.
testing=OFF
if pkg-config --exists cmocka; then
	testing=ON
fi
quietly 'configuring' cmake --preset release -DBUILD_TESTING=$testing
if [ -t 1 ]; then # there, ninja's own line shows how far it is
	cmake --build --preset release --target demo
else
	quietly 'building' cmake --build --preset release --target demo
fi
rm -f "$log"
exec python3 bench/demo.py --build build "$@"
