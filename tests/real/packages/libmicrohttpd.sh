# shellcheck shell=sh disable=SC2154
# libmicrohttpd: a server as a library, with a thread for each connection or a pool, in its own test suite. The
# part of it that asks through libcurl stays out: that library blocks its thread.
needs() { need make; need nm; }
build() {
	./configure CC="$CC" --disable-doc --disable-examples --disable-https --disable-nls --disable-curl
	make -j2
}
smoke() { make -C src/microhttpd check; }
