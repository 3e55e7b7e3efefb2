# shellcheck shell=sh disable=SC2154
# hiredis: a Makefile with a shared and a static library, -fPIC.
needs() { :; }
configure() { :; }
build() { make -j2 CC="$CC" all hiredis-example; }
smoke() { "$here/smoke.py" redis examples/hiredis-example; }
