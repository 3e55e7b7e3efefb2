#!/bin/sh
# same.sh FOLDER PLAIN WRAPPER... -- ARGUMENT...: fail unless the plain compiler and the wrapper do the same
# with ARGUMENTS in a copy of FOLDER: exit status, output, messages and every file that is there
# afterwards. A file FOLDER/stdin is the standard input.
set -u
folder=$1 plain=$2 wrapper=
shift 2
while [ "$1" != -- ]; do
	wrapper="$wrapper $1"
	shift
done
shift

# The paths are part of the output, so both work in a folder of the same name, one after the other.
once() {
	kept=$1
	shift
	rm -rf "$folder.work" "$folder.$kept"
	cp -a "$folder" "$folder.work"
	[ -e "$folder.work/stdin" ] || : >"$folder.work/stdin"
	(
		cd "$folder.work" || exit 99
		"$@" <stdin >"$folder.$kept.out" 2>"$folder.$kept.err"
		echo $? >"$folder.$kept.status"
	)
	mv "$folder.work" "$folder.$kept"
}

once plain "$plain" "$@"
# shellcheck disable=SC2086 - the wrapper is several words
once ours $wrapper "$@"
for what in status out err; do
	if ! diff -a "$folder.plain.$what" "$folder.ours.$what"; then
		echo "same.sh: $what differs for: $*" >&2
		exit 1
	fi
done
if ! diff -r "$folder.plain" "$folder.ours"; then
	echo "same.sh: files differ for: $*" >&2
	exit 1
fi
