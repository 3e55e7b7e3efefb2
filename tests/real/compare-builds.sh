#!/bin/sh
# compare-builds.sh - a build with the wrapper must be the plain one, but for the calls.
#
#	compare-builds.sh HOME WRAPPER COMPILER
#
# In HOME lie the trees "plain" and "ours", which were built under the name "work", the output of
# their steps (plain.build.err, ...) and "commands" (see record-compiler.sh). Compared are the
# messages, the list of files, every file of text, which configuration headers and dependency files
# are, and the objects: their symbols and, behind gcc, their code. Then no object may use a hooked
# function unless --cohook-explain says that it was kept there. Exit status: 0, or 1 after naming
# each difference.
set -eu

home=$1
wrapper=$2
compiler=$3
failed=0
cd "$home"
export COHOOK_CC="$compiler"

wrong() {
	failed=1
	echo "DIFFERENT: $*"
}

# differ WHAT A B: whether they do, and if so say it.
differ() {
	if diff -a "$2" "$3" >difference; then
		return 1
	fi
	wrong "$1"
	head -n 20 difference
}

# Targets that are made in parallel have their messages in any order.
compare_messages() {
	for step in configure build; do
		sort plain.$step.err >plain.messages
		sort ours.$step.err >ours.messages
		differ "messages of $step" plain.messages ours.messages || :
	done
}

files() {
	(cd "$1" && find . \( -type f -o -type l \) | sort)
}

compare_lists() {
	files plain >plain.files
	files ours >ours.files
	differ "the list of files" plain.files ours.files || :
}

# What is made of the compiler's output, and logs, which count and time.
is_text() {
	case $1 in
	*.log | *.err | *.o | *.a | *.so | *.so.* | *.lo | *.gch | *.pch) return 1 ;;
	esac
	[ ! -L "plain/$1" ] && [ -f "ours/$1" ] && grep -qI . "plain/$1"
}

compare_texts() {
	while read -r file; do
		cmp -s "plain/$file" "ours/$file" && continue
		is_text "$file" || continue
		differ "$file" "plain/$file" "ours/$file" || :
	done <plain.files
}

# objects TREE COMMAND...: with all of its objects as arguments.
objects() {
	tree=$1
	shift
	(cd "$tree" && find . -name '*.o' -type f | sort | xargs -r "$@" 2>/dev/null)
}

# Compilers and libc's headers turn calls of stdio into others of it, which they cannot do with ours:
# printf of a line into puts, getchar into getc.
streams='printf|fprintf|vprintf|vfprintf|puts|putchar|fputs|fputc|putc|fwrite|getchar|getc|fgetc|getline|__getdelim'
streams="(co_)?(__)?($streams)(_unlocked|_chk)?|co_($streams)_plain|stdin|stdout"

# No compiler does so when it is told what they may mean no more.
untold=-D__NO_INLINE__
for name in printf fprintf vprintf vfprintf puts putchar fputs fputc putc fwrite; do
	untold="$untold -fno-builtin-$name -fno-builtin-${name}_unlocked -fno-builtin-__${name}_chk"
done

# Names less "co_" and those, as far as other objects see them: what may be inlined, and constants, come and
# go with what the compiler knows of a function. __open_2 is open where libc's header checks the flags, which
# ours leaves out.
symbols() {
	objects "$1" nm -A -P | awk '{ print $1, $2, $3 }' | grep -vE " ($streams) U" |
		sed 's/ co_/ /; s/ __open_2 / open /' | grep ' [A-Z]$' | sort -u
}

# code TREE OBJECT: the instructions, without the names that they refer to by offset, and the functions and data
# that it defines, those that only it sees as well.
code() {
	(
		cd "$1"
		objdump -dr --no-show-raw-insn "$2" | sed 's/<[^>]*>//g; s/co_//g'
		nm -P --defined-only "$2" | awk '$1 !~ /^\.LC/ { print $1, $2 }'
	)
}

# without_order FILE: the lines of code in any order, less where they stand.
without_order() {
	sed 's/^ *[0-9a-f]*:[[:space:]]*//' "$1" | sort >"$1.new"
	mv "$1.new" "$1"
}

# again TREE OBJECT COMMAND...: COMMAND with the arguments that made the object, and with $behind, in its place.
behind=
again() {
	ln -sfn "$1" work
	record=$PWD/commands/$(realpath -ms "work/$2" | tr / %)
	shift 2
	(
		first=yes
		while read -r word; do
			if [ $first = yes ]; then
				cd "$word"
				first=no
			else
				set -- "$@" "$word"
			fi
		done <"$record"
		# shellcheck disable=SC2086 # any number of options
		"$@" $behind
	)
	rm -f work
}

# Other fibers run during a call and may call back, so the mirrors are not "leaf", and none of them
# is "const" or, as fopen, "malloc", nor looks at the flags of open. Where libc's functions are and do none of
# it, too, the code must be the same; of the objects in $reordered, gcc chooses the order of two
# comparisons otherwise.
compare_code() {
	plainly="-w -D__leaf__=unused -D__const__=unused -D__malloc__=unknown $untold"
	objects plain ls | while read -r object; do
		code plain "$object" >plain.view
		code ours "$object" >ours.view
		cmp -s plain.view ours.view || echo "$object"
	done >unequal
	behind="-U_FORTIFY_SOURCE -Wp,-U_FORTIFY_SOURCE"
	while read -r object; do
		# shellcheck disable=SC2086 # several options
		{
			again plain "$object" "$compiler" $plainly
			again ours "$object" "$wrapper" $plainly
		} </dev/null || :
		code plain "$object" >plain.view
		code ours "$object" >ours.view
		case " ${reordered:-} " in
		*" $object "*)
			without_order plain.view
			without_order ours.view
			;;
		esac
		differ "the code of $object" plain.view ours.view || :
	done <unequal
	behind=
}

compare_objects() {
	symbols plain >plain.view
	symbols ours >ours.view
	[ -s plain.view ] || wrong "there are no objects"
	differ "symbols of the objects" plain.view ours.view || :
	[ -n "$is_clang" ] || compare_code
}

# What a build for threads leaves: they are no fibers.
hooked_names() {
	"$(dirname "$wrapper")/cohook" hooks | awk '$2 != "THREAD" && $3 ~ /^co_/ { print $1 }' | sort
}

# uses: "OBJECT NAME" of every hooked function that an object of ours refers to.
uses() {
	objects ours nm -A -P -u | sed 's/: / /' | awk '{ print $2, $1 }' | sort |
		join - hooked | awk '{ print $2, $1 }'
}

# kept OBJECT: the functions that were kept there, by the wrapper's own account.
kept() {
	again ours "$1" "$wrapper" --cohook-emit --cohook-explain </dev/null 2>&1 >/dev/null |
		sed -n 's/.*: \([a-z_0-9]*\): kept.*/\1/p'
}

compare_uses() {
	hooked_names >hooked
	[ -s hooked ] || wrong "there is no list of hooks"
	uses >left
	while read -r object name; do
		kept "$object" | grep -qx "$name" && continue
		wrong "$object still calls $name"
	done <left
}

is_clang=$("$compiler" --version | grep clang || :)
compare_messages
compare_lists
compare_texts
compare_objects
compare_uses
echo "$(wc -l <plain.files) files, $(objects ours ls | wc -l) objects, $(wc -l <left) uses kept"
exit $failed
