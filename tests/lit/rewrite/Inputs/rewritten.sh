#!/bin/sh
# rewritten.sh GCC CLANG WRAPPER FILE BASE FLAG...: see lit.local.cfg.
set -eu
gcc=$1 clang=$2 wrapper=$3 file=$4 base=$5
shift 5

emit() {
	"$wrapper" --cohook-emit "$@" "$file" >"$base.c"
	if [ "$(wc -l <"$file")" != "$(wc -l <"$base.c")" ]; then
		echo "rewritten.sh: $file and $base.c differ in their number of lines" >&2
		exit 1
	fi
}

build() {
	emit "$@"
	for compiler in "$gcc" "$clang"; do
		"$compiler" -Wall -Wextra -Werror "$@" -I"$(dirname "$file")" -c "$base.c" -o "$base.o"
	done
}

build -O2 -D_FORTIFY_SOURCE=2 "$@"
build -O1 -Wredundant-decls "$@"
build "$@"
diff --unchanged-line-format= --old-line-format= --new-line-format='%dn:%L' \
	"$file" "$base.c" >"$base.changes" || true
