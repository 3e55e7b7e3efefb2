#!/bin/sh
# add-runtime.sh - make the runtime for another C library or CPU, so that cohook-cc can use its compiler.
#
#	scripts/add-runtime.sh [--for COHOOK-CC] [--uv FOLDER] COMPILER [FLAG]...
#	scripts/add-runtime.sh musl-gcc
#	scripts/add-runtime.sh aarch64-linux-gnu-gcc
#
# libuv and the runtime are built with COMPILER and put beside COHOOK-CC (default: this tree's
# build/bin/cohook-cc), under lib/cohook/runtimes. FOLDER has libuv's sources, 1.44 or later (default:
# those of the Debian package, which are fetched). Then COHOOK_CC=COMPILER builds programs with it.
# Needs CMake and ninja. Exit status: 0; 1 when something fails; 2 wrong use; 77 when libuv's
# sources cannot be had.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)

usage() {
	echo "usage: scripts/add-runtime.sh [--for COHOOK-CC] [--uv FOLDER] COMPILER [FLAG]..." >&2
	exit 2
}

fail() {
	printf 'add-runtime.sh: %s\n' "$*" >&2
	exit 1
}

wrapper=$root/build/bin/cohook-cc
uv=
while [ $# -gt 0 ]; do
	case $1 in
	--for) wrapper=${2:?--for needs the path of a cohook-cc} && shift 2 ;;
	--uv) uv=${2:?--uv needs the folder of the sources of libuv} && shift 2 ;;
	-*) usage ;;
	*) break ;;
	esac
done
[ $# -gt 0 ] || usage
compiler=$(command -v "$1") || fail "there is no compiler $1"
shift
flags=$*
[ -x "$wrapper" ] || fail "there is no $wrapper: build cohook first, or name one with --for"

facts() {
	COHOOK_CC="$compiler $flags" COHOOK_OFF='' "$wrapper" --cohook-backend |
		sed -n "s/^$1 //p"
}
abi=$(facts abi | tr ' ' -)
case $abi in
*-8-glibc | *-8-musl) ;;
*) fail "$compiler is for ${abi:-nothing known}; runtimes are made for 64-bit glibc and musl" ;;
esac
own=$(cd "$(dirname "$wrapper")" && pwd)
for folder in "$own"/../lib/cohook "$own"/../lib/*/cohook "$own"/../lib64/cohook; do
	[ -f "$folder/libcohook.a" ] && library=$(cd "$folder" && pwd) && break
done
[ -n "${library:-}" ] || fail "there is no libcohook.a that belongs to $wrapper"

work=$(mktemp -d)
log=$work/log
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# step WHAT COMMAND...
step() {
	printf 'add-runtime.sh: %s\n' "$1"
	shift
	"$@" >"$log" 2>&1 || {
		tail -n 40 "$log" >&2
		fail "this failed: $*"
	}
}

if [ -z "$uv" ]; then
	echo "add-runtime.sh: fetching the source of libuv"
	uv=$("$root/tests/real/fetch-source.sh" libuv1 "$library/../../real")
fi
[ -f "$uv/include/uv.h" ] || fail "$uv has no include/uv.h"

# Where a C library comes without the kernel's headers, this machine's do: they are in folders of their own.
kernel=
if ! echo '#include <linux/futex.h>' | "$compiler" $flags -E -x c - >/dev/null 2>&1; then
	mkdir "$work/kernel"
	for name in linux asm asm-generic; do
		for folder in "/usr/include/$(cc -dumpmachine)" /usr/include; do
			[ -d "$folder/$name" ] && ln -sfn "$folder/$name" "$work/kernel/$name" && break
		done
	done
	kernel="-idirafter $work/kernel"
fi

machine=${abi%%-*}
# configure SOURCE FOLDER ARGUMENT...
configure() {
	source=$1
	folder=$2
	shift 2
	cmake -S "$source" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
		-DCMAKE_C_COMPILER="$compiler" -DCMAKE_C_FLAGS="$flags $kernel" \
		-DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$machine" -DBUILD_TESTING=OFF "$@"
}

step "libuv for $abi" configure "$uv" "$work/uv" -DCMAKE_POSITION_INDEPENDENT_CODE=ON
step "building libuv" cmake --build "$work/uv" --target uv_a
archive=$(find "$work/uv" -maxdepth 1 -name 'libuv*.a' | head -n 1)
[ -n "$archive" ] || fail "libuv has been built without a static library"
step "the runtime for $abi" configure "$root" "$work/runtime" -DCOHOOK_RUNTIME_ONLY=ON \
	-DUV_INCLUDE_DIR="$uv/include" -DUV_STATIC_LIBRARY="$archive"
step "building the runtime" cmake --build "$work/runtime"
mkdir -p "$library/runtimes/$abi"
for file in libcohook.a libcohook-shared.a cohook-export.o; do
	cp "$work/runtime/lib/cohook/$file" "$library/runtimes/$abi/.$file.new"
	mv "$library/runtimes/$abi/.$file.new" "$library/runtimes/$abi/$file"
done
echo "add-runtime.sh: $library/runtimes/$abi is ready, for COHOOK_CC=\"$(basename "$compiler")${flags:+ $flags}\""
