#!/bin/sh
# readme.sh - README.md's list of what is not hooked is the one that the table gives.
#
#	readme.sh --write|--check README COHOOK
#
# The list stands between a line that names the table and one that says "end". Exit status of --check: 0,
# or 1 when README has another list.
set -eu

what=$1
readme=$2
new=$(mktemp)
trap 'rm -f "$new" "$new.list"' EXIT

"$3" hooks --format=reasons >"$new.list"
awk -v list="$new.list" '
	/^<!-- end -->$/ { inside = 0 }
	!inside
	/^<!-- from include\/cohook\/hooks.def/ {
		found = inside = 1
		while ((getline line <list) > 0)
			print line
	}
	END { exit !found || inside }' "$readme" >"$new" || {
	echo "$readme has no place for the list" >&2
	exit 1
}

case $what in
--write) cat "$new" >"$readme" ;;
--check)
	diff -u "$readme" "$new" || {
		echo "$readme: the list of what is not hooked is another; ninja readme writes it" >&2
		exit 1
	}
	;;
esac
