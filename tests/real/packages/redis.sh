# shellcheck shell=sh disable=SC2154
# redis: a Makefile that builds the libraries it brings with it, -pedantic, threads; less optimized to
# save time. Part of its test suite in Tcl.
needs() { need tclsh; }
configure() { :; }
build() { make -j2 MALLOC=libc OPTIMIZATION=-O1 CC="$CC"; }
smoke() {
	./runtest --clients 2 --single unit/type/string --single unit/expire \
		--single unit/protocol --single unit/multi --single unit/pubsub
}
