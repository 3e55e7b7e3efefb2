#!/bin/sh
# deps.sh - install what is missing of the Debian packages that cohook needs.
#
#	scripts/deps.sh [build] [test] [bench]        (build, if nothing is named)
#
# build: to build the toolchain; test: also to run the suite; bench: also the benchmark's
# peers. Whatever is installed is left alone; when nothing is missing, neither the network
# nor any privilege is needed. An optional package that cannot be had is named, and what
# needs it is skipped later. Exit status: 0, or 1 when something that is required is missing
# and could not be installed. test fetches the schema of SARIF, too, and keeps it: sarif-schema.sh.
set -eu

OLDEST_CLANG=19 # before 19.1, libclang misplaces what stands in macro bodies

say() {
	printf 'deps.sh: %s\n' "$*"
}

fail() {
	printf 'deps.sh: %s\n' "$*" >&2
	exit 1
}

# installed NAME|OTHER...: one of the alternatives is there.
installed() {
	for name in $(printf '%s' "$1" | tr '|' ' '); do
		case $(dpkg-query -W -f '${db:Status-Abbrev}\n' "$name" 2>/dev/null) in
		?i*) return 0 ;;
		esac
	done
	return 1
}

# missing PACKAGE...: those that are not installed, by their first name.
missing() {
	for package in "$@"; do
		installed "$package" || printf '%s ' "${package%%|*}"
	done
}

# newest_clang: the highest version on stdin, lines of package names, that is new enough.
newest_clang() {
	sed -n 's/^libclang-\([0-9][0-9]*\)-dev$/\1/p' | sort -nu |
		awk -v oldest=$OLDEST_CLANG '$1 >= oldest { best = $1 } END { print best }'
}

# installed_clang: the names of the packages of libclang that are here.
installed_clang() {
	dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\n' \
		'libclang-*-dev' 2>/dev/null |
		sed -n 's/^.i[^ ]* *\([^:]*\).*/\1/p'
}

# as_root COMMAND...: run it with the privilege that installing takes.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif [ -t 0 ]; then
		sudo "$@"
	else
		sudo -n "$@"
	fi
}

require_apt() {
	command -v apt-get >/dev/null ||
		fail "missing: $1(and there is no apt-get to install it with)"
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
		fail "missing: $1- run this as root, or install sudo"
	fi
}

# The lists of packages are fetched once, and only when something is to be installed.
updated=
update_lists() {
	[ -z "$updated" ] || return 0
	updated=yes
	say 'fetching the lists of packages (apt-get update)'
	as_root apt-get -qq -o Acquire::Retries=1 update ||
		say 'the lists could not be fetched; trying with those that are here'
}

install() {
	say "installing: $*"
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
		--no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
		install "$@"
}

# The version of libclang to use: what is installed, else the newest that can be had.
choose_clang() {
	clang=$(installed_clang | newest_clang)
	[ -z "$clang" ] || return 0
	require_apt "libclang-$OLDEST_CLANG-dev or newer "
	update_lists
	clang=$(apt-cache pkgnames libclang- | newest_clang)
	[ -n "$clang" ] || fail "this system has no libclang-$OLDEST_CLANG-dev or newer"
}

install_required() {
	needed=$(missing "$@")
	[ -n "$needed" ] || return 0
	require_apt "$needed"
	update_lists
	# shellcheck disable=SC2086 # a list of names
	install $needed || fail "could not install: $needed"
}

install_optional() {
	needed=$(missing "$@")
	[ -n "$needed" ] || return 0
	if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
		say "optional, not installed (neither root nor sudo): $needed"
		return 0
	fi
	update_lists
	for package in $needed; do
		install "$package" || say "optional, could not be installed: $package"
	done
}

command -v dpkg-query >/dev/null ||
	fail "this is no Debian system: install what README.md lists by your own means"

[ $# -gt 0 ] || set -- build
profiles=$*
choose_clang
required="gcc libc6-dev cmake ninja-build pkg-config|pkgconf python3 libuv1-dev libelf-dev libjson-c-dev
	libclang-$clang-dev libclang-common-$clang-dev"
optional=
for profile in $profiles; do
	case $profile in
	build) ;;
	test)
		required="$required libcmocka-dev llvm-$clang-tools dpkg-dev make valgrind
			g++ clang libclang-rt-dev"
		optional="$optional qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross
			autoconf automake libtool meson ccache distcc mold lld musl-tools libc++-dev libc++abi-dev
			csmith perl tcl debhelper python3-jsonschema curl|wget chromium libevent-dev libpcre2-dev zlib1g-dev redis-server postgresql"
		;;
	bench) optional="$optional libst-dev golang-go" ;;
	*) fail "unknown profile '$profile'; there are build, test and bench" ;;
	esac
done

# shellcheck disable=SC2086 # lists of names
{
	install_required $required
	install_optional $optional
}
case " $profiles " in
*' test '*)
	"$(dirname "$0")/sarif-schema.sh" >/dev/null ||
		say 'optional, could not be fetched: the schema of SARIF; its test is skipped'
	;;
esac
say "everything required for $profiles is installed"
