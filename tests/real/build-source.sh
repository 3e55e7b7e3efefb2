#!/bin/sh
# build-source.sh - build an unmodified source tree with make, in a copy.
#
#	build-source.sh SOURCE COPY MAKE-ARGUMENT...
#
# The copy keeps the times, by which autotools decide what to make again. The environment (CC,
# COHOOK_THREADS and so on) reaches make as it is. On failure the end of the log is shown.
set -eu

[ $# -ge 2 ] || { echo "usage: build-source.sh SOURCE COPY MAKE-ARGUMENT..." >&2; exit 2; }
source=$1
copy=$2
shift 2

rm -rf "$copy"
cp -a "$source" "$copy"
if ! make -C "$copy" "$@" >"$copy.log" 2>&1; then
	echo "building $copy failed:" >&2
	tail -n 30 "$copy.log" >&2
	exit 1
fi
