#!/bin/sh
# fetch-source.sh - have the source of a Debian package, without touching the system's apt.
#
#	fetch-source.sh PACKAGE CACHE
#
# Leaves it unpacked, with Debian's patches, in CACHE/PACKAGE/source and prints that path.
# What is there already is used again and needs no network. The machine's own entries (both
# formats) are read with their type changed to deb-src, into an apt configuration of our own
# under CACHE; its keys and proxies hold. Works without any privilege. Exit status: 0; 77
# when the source cannot be had here, with the reason on standard error.
set -eu

[ $# -eq 2 ] || { echo "usage: fetch-source.sh PACKAGE CACHE" >&2; exit 2; }
package=$1
mkdir -p "$2/$package"
cache=$(cd "$2" && pwd)
home=$cache/$package
apt=$cache/apt

skip() {
	echo "SKIP: no source of $package: $*" >&2
	exit 77
}

# The entries of one-line format on stdin: "deb [options] uri suite component..."
source_lines() {
	sed -n -E 's/^[[:space:]]*deb(-src)?([[:space:]])/deb-src\2/p' | sort -u
}

# The stanzas of deb822 format on stdin that are not switched off.
source_stanzas() {
	awk 'BEGIN { RS = ""; ORS = "\n\n" }
		tolower($0) ~ /(^|\n)enabled:[ \t]*(no|false|off|0)/ { next }
		tolower($0) !~ /(^|\n)types:[^\n]*deb/ { next }
		{
			n = split($0, line, "\n")
			text = ""
			for (i = 1; i <= n; i++) {
				if (tolower(line[i]) ~ /^types:/)
					line[i] = "Types: deb-src"
				text = text (i > 1 ? "\n" : "") line[i]
			}
			print text
		}'
}

# Every entry of the machine, as one of sources.
derive_sources() {
	etc=$(apt-config shell D Dir::Etc/d | sed "s/^D='\(.*\)'$/\1/")
	etc=${etc:-/etc/apt/}
	mkdir -p "$apt/sources.list.d"
	rm -f "$apt/sources.list.d"/*
	: >"$apt/sources.list"
	for file in "$etc/sources.list" "$etc"/sources.list.d/*.list; do
		[ ! -r "$file" ] || source_lines <"$file" >>"$apt/sources.list"
	done
	for file in "$etc"/sources.list.d/*.sources; do
		[ ! -r "$file" ] ||
			source_stanzas <"$file" >"$apt/sources.list.d/${file##*/}"
	done
}

# Read after the system's own configuration; its hooks are not for us.
write_configuration() {
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
	cat >"$apt/apt.conf" <<-EOF
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		Dir::Etc::sourcelist "$apt/sources.list";
		Dir::Etc::sourceparts "$apt/sources.list.d";
		Dir::State::lists "$apt/lists";
		Dir::Cache "$apt/cache";
		APT::Sandbox::User "";
		Acquire::Languages "none";
		Acquire::Retries "1";
		Acquire::http::Timeout "20";
		Acquire::https::Timeout "20";
	EOF
}

# A repository that has no sources is no reason to give up on the others.
update_lists() {
	[ ! -e "$apt/updated" ] || return 0
	derive_sources
	[ -s "$apt/sources.list" ] || [ -n "$(cat "$apt"/sources.list.d/* 2>/dev/null)" ] ||
		skip "apt has no entries to derive sources from"
	write_configuration
	apt-get -c "$apt/apt.conf" -qq update >"$apt/update.log" 2>&1 || :
	: >"$apt/updated"
}

download_version() {
	rm -f "$home"/*.dsc
	(cd "$home" && apt-get -c "$apt/apt.conf" -qq source --download-only \
		--only-source "$1") >"$home/download.log" 2>&1
}

# The newest version, or the next one where a repository names what it no longer has.
download() {
	download_version "$package" && return
	for version in $(apt-cache -c "$apt/apt.conf" showsrc --only-source "$package" \
		2>/dev/null | sed -n 's/^Version: //p'); do
		download_version "$package=$version" && return
	done
	return 1
}

if [ ! -e "$home/complete" ]; then
	command -v apt-get >/dev/null || skip "there is no apt-get"
	command -v dpkg-source >/dev/null || skip "there is no dpkg-source (package dpkg-dev)"
	update_lists
	if ! download; then # the lists of an earlier day may name what is gone
		rm -f "$apt/updated"
		update_lists
		download || skip "$(tail -n 1 "$home/download.log")"
	fi
	rm -rf "$home/source"
	dpkg-source --no-check -x "$home"/*.dsc "$home/source" >"$home/unpack.log" 2>&1 ||
		skip "dpkg-source: $(tail -n 1 "$home/unpack.log")"
	: >"$home/complete"
fi
echo "$home/source"
