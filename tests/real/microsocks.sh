#!/bin/sh
# microsocks.sh - a thread-per-connection proxy, unmodified, serves thousands on fibers.
#
#	microsocks.sh WRAPPER COMPILER LOADER CACHE
#
# WRAPPER is cohook-cc, COMPILER the plain one, LOADER socks_load. As a control, the plain build
# must need a thread for each connection. Exit status: 0, 1, or 77 (skipped).
set -eu

here=$(dirname "$0")
wrapper=$1
compiler=$2
loader=$3
cache=$4

tree=$("$here/fetch-source.sh" microsocks "$cache")
# -e: Debian's Makefile must not prefer a CC of its own to that of the environment.
CC=$compiler "$here/build-source.sh" "$tree" "$cache/microsocks/plain" -e
CC=$wrapper COHOOK_THREADS=fiber \
	"$here/build-source.sh" "$tree" "$cache/microsocks/fiber" -e
if grep 'cohook-cc: ' "$cache/microsocks/fiber.log" >&2; then
	echo "the wrapper was not silent" >&2
	exit 1
fi

echo "plain build, 200 connections:"
"$loader" 200 200 300 "$cache/microsocks/plain/microsocks" -i 127.0.0.1 -p 0
echo "cohook-cc, 2,000 connections:"
"$loader" 2000 1 12 "$cache/microsocks/fiber/microsocks" -i 127.0.0.1 -p 0
