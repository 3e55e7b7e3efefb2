# shellcheck shell=sh disable=SC2154
# tinyproxy: autotools with dependency files; a test suite in perl on addresses of 127/8.
needs() { need perl; }
configure() { ./configure --disable-manpage-support CC="$CC"; }
build() { make -j2; }
smoke() { tests/scripts/run_tests.sh; }
