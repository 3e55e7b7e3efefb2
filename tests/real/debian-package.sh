#!/bin/sh
# debian-package.sh - CC=cohook-cc dpkg-buildpackage -b -uc makes a package's files, instrumented.
#
#	debian-package.sh PACKAGE WRAPPER CACHE
#
# Exit status: 0, 1, or 77 (skipped).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
package=$1
wrapper=$2
mkdir -p "$3"
cache=$(cd "$3" && pwd -P)

skip() {
	echo "SKIP: $*" >&2
	exit 77
}

command -v dpkg-buildpackage >/dev/null || skip "there is no dpkg-buildpackage"
tree=$("$here/fetch-source.sh" "$package" "$cache")
home=$cache/$package/debian
rm -rf "$home"
mkdir -p "$home"
cp -a "$tree" "$home/source"
cd "$home/source"
export DEB_BUILD_PROFILES=nocheck DEB_BUILD_OPTIONS='nocheck parallel=2'
missing=$(dpkg-checkbuilddeps 2>&1 || :)
[ -z "$missing" ] || skip "$missing"

if ! CC=$wrapper dpkg-buildpackage -b -uc >"$home/log" 2>&1 </dev/null; then
	tail -n 30 "$home/log" >&2
	exit 1
fi
if grep 'cohook-cc: ' "$home/log" >&2; then
	echo "the wrapper was not silent" >&2
	exit 1
fi

# What the package holds was instrumented, by its debugging symbols, and runs.
for deb in ../*.deb; do
	dpkg-deb -x "$deb" ../files
done
find ../files/usr/lib/debug -name '*.debug' -exec nm {} + >../names
grep -q ' co_read$' ../names
find ../files/usr/bin -type f -perm -u+x >../programs
[ -s ../programs ]
while read -r program; do
	"$program" -h >../said 2>&1 || :
	grep -qi usage ../said
done <../programs
