#!/bin/sh
# record-compiler.sh - be $RECORD_COMPILER, and keep the command of every object in $RECORD_FOLDER.
#
#	record-compiler.sh ARGUMENT...
#
# A command lies in a file named after the object, with % for /: the working directory, then
# the arguments, one a line. compare-builds.sh asks with it why a name was kept.
set -eu

# object ARGUMENT...: the file that the command writes, as far as it says so.
object() {
	before=
	source=
	for word in "$@"; do
		[ "$before" != -o ] || { echo "$word" && return; }
		case $word in
		*.c) source=$word ;;
		esac
		before=$word
	done
	[ -z "$source" ] || basename "$source" .c | sed 's/$/.o/'
}

case " $* " in
*' -c '*)
	out=$(object "$@")
	case $out in
	/*) ;;
	*) out=$PWD/$out ;;
	esac
	{ echo "$PWD" && printf '%s\n' "$@"; } \
		>"$RECORD_FOLDER/$(realpath -ms "$out" | tr / %)"
	;;
esac
exec "$RECORD_COMPILER" "$@"
