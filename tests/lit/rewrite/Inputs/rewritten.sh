#!/bin/sh
# rewritten.sh GCC CLANG WRAPPER FILE BASE FLAG...: see lit.local.cfg.
set -eu
gcc=$1 clang=$2 wrapper=$3 file=$4 base=$5
shift 5
result=$base.${file##*.}

emit() {
	"$wrapper" --cohook-emit "$@" "$file" >"$result"
	if [ "$(wc -l <"$file")" != "$(wc -l <"$result")" ]; then
		echo "rewritten.sh: $file and $result differ in their number of lines" >&2
		exit 1
	fi
}

build() {
	emit "$@"
	for compiler in "$gcc" "$clang"; do
		"$compiler" -Wall -Wextra -Werror "$@" -I"$(dirname "$file")" -c "$result" -o "$base.o"
	done
}

case $result in
*.cpp)
	build -std=c++20 -pedantic "$@"
	build -std=c++11 -pedantic -Wredundant-decls "$@"
	;;
esac
build -O2 -D_FORTIFY_SOURCE=2 "$@"
build -O1 -Wredundant-decls "$@"
build "$@"
diff --unchanged-line-format= --old-line-format= --new-line-format='%dn:%L' \
	"$file" "$result" >"$base.changes" || true
