# shellcheck shell=sh disable=SC2154
# memcached: autotools, libevent, threads; part of its test suite in perl.
needs() { need perl && need_header event.h libevent-dev; }
configure() { ./configure --disable-docs CC="$CC"; }
build() { make -j2 all memcached-debug testapp sizes; }
smoke() {
	./sizes
	./testapp
	prove t/00-startup.t t/binary.t t/cas.t t/flush-all.t t/getset.t t/incrdecr.t t/lru.t \
		t/metaget.t t/noreply.t t/stats.t t/udp.t t/unixsocket.t t/watcher.t
}
