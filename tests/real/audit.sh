#!/bin/sh
# audit.sh - the audit of a package's source misses nothing that its objects take from libc.
#
#	audit.sh PACKAGE WRAPPER COMPILER CACHE
#
# packages/PACKAGE.sh says how it is configured and made. It is built under `cohook audit`, which
# lies beside WRAPPER and leaves the objects plain; then audit_recall.py compares. The times of the
# build and of another audit, by notes, are printed. Exit status: 0, 1, or 77 (skipped).
set -eu

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
cohook=$(dirname "$wrapper")/cohook
home=$cache/$package/audit
rm -rf "$home"
mkdir -p "$home"
cp -a "$tree" "$home/work"
export COHOOK_AUDIT="$home/notes" COHOOK_OFF=1 COHOOK_CC="$compiler" CC="$wrapper" here

# step NAME: one function of the row in the tree, in a shell that stops at an error.
step() {
	(cd "$home/work" && sh -eu -c '. "$1"; "$2"' sh "$row" "$1") \
		</dev/null >"$home/$1.out" 2>"$home/$1.err" && return
	echo "$package: $1 failed; the end of what it said:" >&2
	tail -n 15 "$home/$1.out" "$home/$1.err" >&2
	exit 1
}

step configure
rm -rf "$COHOOK_AUDIT" # whatever was tried out
step build
unset COHOOK_AUDIT COHOOK_OFF
(cd "$home/work" && "$cohook" audit --format=json --rules=all -o "$home/report.json" "$home/notes")
python3 "$here/audit_recall.py" "$cohook" "$home/report.json" "$home/notes"
