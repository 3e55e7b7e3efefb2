#!/bin/sh
# sarif-schema.sh - print the path of the official schema of SARIF 2.1.0; fetch it, if need be.
#
#	scripts/sarif-schema.sh [--cached]
#
# It is part of a package of Microsoft's for npm. Kept in $XDG_CACHE_HOME/cohook-tests (or
# ~/.cache/cohook-tests), so that it is fetched once for all builds; --cached: not even then.
# Exit status: 0, or 1 when it is not here and could not be fetched; standard error says why.
set -eu

VERSION=5.7.0
NAME=sarif-multitool-linux
SHA256=1c49a0f2b60444c71bb14878e21e0d882198eff4c539861b133093ad89ed798c

cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/cohook-tests
schema=$cache/sarif-2.1.0.json
new=

fail() {
	printf 'sarif-schema.sh: %s\n' "$*" >&2
	exit 1
}

# is_right FILE: it is the schema, to the last byte.
is_right() {
	[ -f "$1" ] && [ "$(sha256sum <"$1")" = "$SHA256  -" ]
}

# download FILE: with whatever there is.
download() {
	registry=${npm_config_registry:-https://registry.npmjs.org}
	url=${registry%/}/@microsoft/$NAME/-/$NAME-$VERSION.tgz
	if command -v curl >/dev/null; then
		curl -fsSL --retry 2 --connect-timeout 10 --max-time 300 -o "$1" "$url" && return
	fi
	command -v wget >/dev/null && wget -q -t 2 -T 30 -O "$1" "$url"
}

if is_right "$schema"; then
	echo "$schema"
	exit 0
fi
[ "${1-}" != --cached ] || fail "the schema of SARIF is not in $cache"
mkdir -p "$cache" 2>/dev/null || fail "$cache cannot be made"
new=$(mktemp -d "$cache/new.XXXXXX") || fail "$cache cannot be written to"
trap 'rm -rf "$new"' EXIT
trap 'exit 130' INT TERM HUP
download "$new/package.tgz" || fail "$NAME $VERSION could not be fetched (is there a network, and curl or wget?)"
tar -xzOf "$new/package.tgz" package/sarif-2.1.0.json >"$new/schema" ||
	fail "$NAME $VERSION has no schema in it"
is_right "$new/schema" || fail "the schema in $NAME $VERSION is not the one that is known"
mv "$new/schema" "$schema"
echo "$schema"
