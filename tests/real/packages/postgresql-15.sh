# shellcheck shell=sh disable=SC2154
# PostgreSQL: of its source libpq and what that is made of; queries of a crowd to Debian's server. The build looks whether
# libpq imports anything that is named exit.
. "$here/crowd.sh"
needs() {
	need setpriv
	PATH=$PATH:$(echo /usr/lib/postgresql/*/bin) need postgres
}
build() {
	./configure CC="$CC" --without-readline --without-zlib
	make -C src/backend generated-headers
	make -j2 -C src/interfaces/libpq all
	build_crowd libpq "-Isrc/interfaces/libpq -Isrc/include" src/interfaces/libpq/libpq.a \
		src/common/libpgcommon_shlib.a src/port/libpgport_shlib.a
}
smoke() { "$here/serving.py" postgres "$here/run-crowd.sh" 200; }
