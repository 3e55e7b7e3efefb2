# shellcheck shell=sh disable=SC2154
# PostgreSQL: of its source libpq and what that is made of; queries of a crowd to Debian's server. Left out is the
# build's own check that libpq calls nothing named exit: a shared library has the names of all functions that have mirrors,
# pthread_exit among them. That is a known fault of ours.
. "$here/crowd.sh"
needs() {
	need setpriv
	PATH=$PATH:$(echo /usr/lib/postgresql/*/bin) need postgres
}
build() {
	./configure CC="$CC" --without-readline --without-zlib
	make -C src/backend generated-headers
	make -j2 -C src/interfaces/libpq all-lib
	build_crowd libpq "-Isrc/interfaces/libpq -Isrc/include" src/interfaces/libpq/libpq.a \
		src/common/libpgcommon_shlib.a src/port/libpgport_shlib.a
}
smoke() { "$here/serving.py" postgres "$here/run-crowd.sh" 200; }
