#!/bin/sh
# runtime.sh - a runtime that is added for another compiler carries the examples.
#
#	runtime.sh SOURCE-DIR BUILD-DIR FOLDER COMPILER PACKAGES [EMULATOR]
#
# In FOLDER a copy of the build's cohook-cc gets a runtime for COMPILER (of the Debian PACKAGES). Each
# example is built by COMPILER and by cohook-cc with it, statically, and both have to say the same.
# Exit status: 0, 1, or 77 where the compiler, the EMULATOR, or libuv's source is missing.
set -eu

source=$1
build=$2
folder=$3
compiler=$4
packages=$5
emulator=${6:-}

for tool in "$compiler" $emulator ninja; do
	command -v "$tool" >/dev/null || {
		echo "SKIP: there is no $tool (packages $packages)" >&2
		exit 77
	}
done
uv=$("$source/tests/real/fetch-source.sh" libuv1 "$build/real")
rm -rf "$folder"
mkdir -p "$folder/bin" "$folder/lib"
cp "$build/bin/cohook-cc" "$folder/bin"
cp -R "$build/lib/cohook" "$folder/lib"
rm -rf "$folder/lib/cohook/runtimes"

# compile COMMAND...: what the linker says of static programs is no news; the wrapper says nothing.
compile() {
	if ! "$@" 2>"$folder/messages" || grep -q '^cohook-cc: ' "$folder/messages"; then
		cat "$folder/messages" >&2
		exit 1
	fi
}

wrapper=$folder/bin/cohook-cc
export COHOOK_CC="$compiler" COHOOK_THREADS=fiber
if "$wrapper" -c "$source/examples/echo.c" -o "$folder/before.o" 2>&1 | grep -q add-runtime.sh; then
	:
else
	echo "without a runtime nothing says how to get one" >&2
	exit 1
fi
"$source/scripts/add-runtime.sh" --for "$wrapper" --uv "$uv" "$compiler"
for name in echo httpd forward workers probe account; do
	files="$source/examples/$name.c $source/examples/net.c"
	# shellcheck disable=SC2086 # two files
	compile "$compiler" -O2 -static -pthread $files -o "$folder/$name-plain"
	# shellcheck disable=SC2086
	compile "$wrapper" -O2 -static -pthread $files -o "$folder/$name-cohook"
	nm "$folder/$name-cohook" | grep -q ' co_pthread_create$'
	python3 "$source/examples/check.py" --few ${emulator:+--wrap "$emulator"} "$name" \
		"$folder/$name-plain" "$folder/$name-cohook"
done

# Streams, which every C library makes in its own way.
compile "$compiler" -O2 -static -pthread "$source/tests/cross/stdio.c" -o "$folder/stdio-plain"
compile "$wrapper" -O2 -static -pthread "$source/tests/cross/stdio.c" -o "$folder/stdio-cohook"
nm "$folder/stdio-cohook" | grep -q ' co_fgets$'
$emulator "$folder/stdio-plain" >"$folder/stdio-plain.out"
for workers in 1 3; do
	COHOOK_WORKERS=$workers $emulator "$folder/stdio-cohook" >"$folder/stdio-cohook.out"
	diff "$folder/stdio-plain.out" "$folder/stdio-cohook.out"
done
