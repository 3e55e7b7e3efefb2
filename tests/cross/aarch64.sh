#!/bin/sh
# aarch64.sh - the context switch for 64-bit Arm, cross-built, passes its test under emulation.
#
#	aarch64.sh SOURCE-DIR FOLDER
#
# FOLDER is for what is built. Exit status: 0, 1, or 77 where compiler or emulator are missing.
set -eu

source=$1
folder=$2
compiler=aarch64-linux-gnu-gcc

for tool in $compiler qemu-aarch64; do
	command -v "$tool" >/dev/null || {
		echo "SKIP: there is no $tool (packages gcc-aarch64-linux-gnu, qemu-user)" >&2
		exit 77
	}
done
mkdir -p "$folder"
# -O0 and -O2: what the compiler keeps in registers across a switch differs.
for level in -O0 -O2; do
	$compiler -std=gnu11 -Wall -Wextra $level -static -pthread -iquote "$source/runtime" \
		-I "$source/include" -o "$folder/context$level" \
		"$source/runtime/arch/aarch64.c" "$source/tests/unit/runtime/context.c"
	echo "context test, $level, under qemu-aarch64:"
	qemu-aarch64 "$folder/context$level"
done
