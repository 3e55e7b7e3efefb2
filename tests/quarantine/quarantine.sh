#!/bin/sh
# quarantine.sh - what belongs to one corner of the tree stays there.
#
#	quarantine.sh SOURCE-DIR
#
# libuv is known to runtime/loop alone, libclang to the parser and the finder's parts, CPUs to
# runtime/arch; and a file of the runtime includes no file of a higher layer (layers.txt).
set -eu

cd "$1"
layers=tests/quarantine/layers.txt
status=0

breach() {
	echo "$1" >&2
	status=1
}

# only WHERE WHAT FOLDER...: WHAT, an extended expression, is in no C file below the folders but
# in those whose whole path WHERE, another one, matches.
only() {
	where=$1
	what=$2
	shift 2
	for file in $(grep -rlE --include='*.[chS]' "$what" "$@" | grep -vxE "$where"); do
		breach "$file: $(grep -nE -m 1 "$what" "$file")"
	done
}

include='^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]'

quarantines() {
	only 'runtime/loop/[^/]*' "${include}uv[./]" runtime rewriter include
	only 'rewriter/(adopt|expression|finder|loopkind|survey|surveyguards|targets|unit|variables)\.[ch]' "${include}clang-c/" runtime rewriter include
	only 'runtime/arch/[^/]*' '__(x86_64|amd64|i386|aarch64|arm|riscv|powerpc64|s390x)__' \
		runtime include
	only 'runtime/arch/[^/]*' '__asm__|[^_[:alnum:]]asm[[:space:]]*(volatile)?[[:space:]]*\(' \
		runtime
}

# layer FILE: its number in layers.txt, or nothing.
layer() {
	awk -v file="${1#runtime/}" '
		/^[[:space:]]*(#|$)/ { next }
		{
			for (i = 2; i <= NF; i++) {
				name = file
				if (substr($i, length($i)) == "/")
					name = substr(file, 1, length($i))
				else
					sub(/\.[chS]$/, "", name)
				if (name == $i && length($i) > best) {
					best = length($i)
					number = $1
				}
			}
		}
		END { print number }' $layers
}

# What FILE includes with quotes, as paths below the top.
included() {
	sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' "$1" |
		while read -r name; do
			for candidate in "${1%/*}/$name" "runtime/$name"; do
				if [ -f "$candidate" ]; then
					realpath --relative-to=. "$candidate"
					break
				fi
			done
		done
}

layer_rule() {
	for file in $(find runtime -name '*.[chS]' | sort); do
		mine=$(layer "$file")
		if [ -z "$mine" ]; then
			breach "$file has no layer in $layers"
			continue
		fi
		for other in $(included "$file"); do
			case $other in runtime/*) ;; *) continue ;; esac
			theirs=$(layer "$other")
			if [ -n "$theirs" ] && [ "$theirs" -gt "$mine" ]; then
				breach "$file (layer $mine) includes $other (layer $theirs)"
			fi
		done
	done
}

quarantines
layer_rule
exit $status
