#!/bin/sh
# build-fibers.sh - a package that uses threads is built on fibers and put to work.
#
#	build-fibers.sh PACKAGE WRAPPER COMPILER CACHE
#
# packages/PACKAGE.sh says how it is built and tried out. WRAPPER is cohook-cc, or cohook-c++ for a
# package in C++; COMPILER is the one behind it. The wrapper must have nothing to say, and no unit may
# be left to libstdc++'s own waits. Exit status: 0, 1, or 77 (skipped).
set -eu

# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
home=$cache/$package/$(basename "$compiler")
rm -rf "$home"
mkdir -p "$home"
cp -a "$tree" "$home/work"
export here CC="$wrapper" CXX="$wrapper" COHOOK_CC="$compiler" COHOOK_CXX="$compiler" COHOOK_THREADS=fiber COHOOK_STRICT=1

# step NAME: one function of the row in the tree, in a shell that stops at an error.
step() {
	if (cd "$home/work" && sh -eu -c '. "$1"; "$2"' sh "$row" "$1") \
		</dev/null >"$home/$1.log" 2>&1; then
		return 0
	fi
	echo "$package: $1 failed; the end of what it said:" >&2
	tail -n 25 "$home/$1.log" >&2
	exit 1
}

step build
if grep -E '^cohook-c(c|\+\+): ' "$home/build.log" >&2; then
	echo "the wrapper was not silent" >&2
	exit 1
fi
find "$home/work" -name '*.o' -exec nm {} + >"$home/names"
grep -q ' U co_pthread_create$' "$home/names"
if grep -E ' U (_ZNSt6thread(4join|6detach|15_M_start_thread)|_ZNSt18condition_variable4wait).*v$' \
	"$home/names" >&2; then
	echo "the library's own waits are in use" >&2
	exit 1
fi
step smoke
grep -h ' in flight ' "$home/smoke.log" || :
rm -rf "$home/work"
