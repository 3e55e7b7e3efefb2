# shellcheck shell=sh disable=SC2154
# zlib: a configure script of its own, a versioned shared library.
needs() { :; }
configure() { ./configure; }
build() { make -j2; }
smoke() { make test; }
