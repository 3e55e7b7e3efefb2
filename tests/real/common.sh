# shellcheck shell=sh disable=SC2034
# common.sh - how the scripts that build a package begin; they source it with their arguments,
# PACKAGE WRAPPER COMPILER CACHE. Leaves these and where things are in variables, and has packages/PACKAGE.sh
# say whether what it needs is here: exit status 77 if not. $source there is the source's name, if it is another.
here=$(cd "$(dirname "$0")" && pwd)
package=$1
wrapper=$2
compiler=$3
mkdir -p "$4"
cache=$(cd "$4" && pwd -P)
row=$here/packages/$package.sh

need() {
	command -v "$1" >/dev/null && return
	echo "SKIP: $package needs $1" >&2
	exit 77
}

# need_header HEADER PACKAGE
need_header() {
	printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" |
		"$compiler" -E - >/dev/null 2>&1 && return
	echo "SKIP: $package needs $1, of the Debian package $2" >&2
	exit 77
}

source=
# shellcheck source=/dev/null # for what the package needs
. "$row"
need python3
need nm
needs
tree=$("$here/fetch-source.sh" "${source:-$package}" "$cache")
