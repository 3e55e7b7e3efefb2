#!/bin/sh
# alike.sh PLAIN.o OURS.o: fail unless the second object is the first with some calls renamed: the same
# code, the same names of files, the same lines, the same symbols less "co_".
set -u
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

code() {
	objdump -d --no-show-raw-insn "$1" | sed -n 's/^ *[0-9a-f]*:\t//p'
	objdump -s -j .data -j .rodata "$1" | grep '^ '
	readelf --debug-dump=decodedline -W "$1" | grep -v '^$'
}

# A function that is called under both of its names, where one call was kept, is named twice. clang names
# lambdas by their column.
names() {
	{
		readelf --debug-dump=info -W "$1" | grep -E 'DW_AT_(name|comp_dir|producer)' |
			sed 's/^[^:]*: //; s/^(string) *//; s/^(.*): //'
		nm "$1" | sed 's/^[0-9a-f ]*//; s/^w /U /'
	} | sed 's/co_//g; s/(lambda at \([^ ]*\):[0-9]*)/(lambda at \1)/g' | LC_ALL=C sort -u
}

# Offsets into string tables and the names of mirrors are what may differ.
views() {
	code "$1" | sed 's/<[^>]*>//g; s/co_//g'
	names "$1"
}

views "$1" 2>/dev/null >"$scratch/plain"
views "$2" 2>/dev/null >"$scratch/ours"
grep -q . "$scratch/plain" || exit 1
if ! diff "$scratch/plain" "$scratch/ours"; then
	echo "alike.sh: $1 and $2 differ" >&2
	exit 1
fi
