#!/bin/sh
# build-twice.sh - a package's source builds and works with the wrapper as it does without.
#
#	build-twice.sh PACKAGE WRAPPER COMPILER CACHE
#
# packages/PACKAGE.sh says how it is configured, made and tried out. WRAPPER is cohook-cc, "cohook"
# lies beside it; COMPILER is the one behind it and the plain one. Both builds happen in a folder
# of the same name, one after the other, so that their files can be compared. Exit status: 0, 1,
# or 77 (skipped).
set -eu

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
home=$cache/$package/$(basename "$compiler")
rm -rf "$home"
mkdir -p "$home/bin" "$home/commands"

# Both compilers have one name, which ends up in what is built; some builds look in it for that of
# a compiler they know. Nor is it the time that makes a difference.
CC=$home/bin/cohook-$(basename "$compiler")
ln -s "$here/record-compiler.sh" "$CC"
export MAKEFLAGS=-O # two compilers would write into one line
export here CC reordered="${reordered:-}" RECORD_FOLDER="$home/commands" COHOOK_CC="$compiler" SOURCE_DATE_EPOCH=1700000000

# step BUILD NAME: one function of the row in the tree, in a shell that stops at an error.
step() {
	if (cd "$home/work" && sh -eu -c '. "$1"; "$2"' sh "$row" "$2") \
		</dev/null >"$home/$1.$2.out" 2>"$home/$1.$2.err"; then
		return 0
	fi
	echo "$package, $1: $2 failed; the end of what it said:" >&2
	tail -n 15 "$home/$1.$2.out" "$home/$1.$2.err" >&2
	exit 1
}

# build_tree NAME COMPILER: in the folder "work", with a copy kept as NAME.
build_tree() {
	export RECORD_COMPILER="$2"
	rm -rf "$home/work"
	cp -a "$tree" "$home/work"
	step "$1" configure
	step "$1" build
	cp -a "$home/work" "$home/$1"
}

build_tree plain "$compiler"
build_tree ours "$wrapper"
step ours smoke
rm -rf "$home/work"
"$here/compare-builds.sh" "$home" "$wrapper" "$compiler"
rm -rf "$home/plain" "$home/ours"
