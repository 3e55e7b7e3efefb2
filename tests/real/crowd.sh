# shellcheck shell=sh disable=SC2154
# crowd.sh - for the rows of packages/ whose library crowd.c calls.

# build_crowd LIBRARY FLAGS ARCHIVE...
build_crowd() {
	library=$1
	flags=$2
	shift 2
	for part in crowd "crowd_$library"; do
		# shellcheck disable=SC2086 # any number of flags
		"$CC" -std=gnu11 -Wall -Wextra -Werror -O2 $flags -c "$here/$part.c" -o "$part.o"
	done
	"$CC" -o crowd crowd.o "crowd_$library.o" "$@" -lpthread
}
