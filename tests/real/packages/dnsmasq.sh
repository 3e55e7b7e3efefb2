# shellcheck shell=sh disable=SC2154
# dnsmasq: one Makefile with a recursive make, options found by pkg-config.
needs() { :; }
configure() { :; }
build() { make -j2 CC="$CC"; }
smoke() { "$here/smoke.py" dns src/dnsmasq; }
