# shellcheck shell=sh disable=SC2154
# microsocks: a plain Makefile, one program. Its load test is microsocks.sh, a folder above.
needs() { :; }
configure() { :; }
build() { make -j2 CC="$CC" CFLAGS='-O2 -g'; }
smoke() { ./microsocks -h 2>&1 | grep -q 'MicroSocks SOCKS5'; }
