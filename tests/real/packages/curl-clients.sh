# shellcheck shell=sh disable=SC2034,SC2154
# libcurl with its blocking resolver: downloads of a crowd.
source=curl
. "$here/crowd.sh"
needs() { need setpriv; }
build() {
	./configure CC="$CC" --disable-shared --disable-threaded-resolver --disable-ldap --disable-manual \
		--without-ssl --without-libpsl --without-brotli --without-zstd --without-nghttp2 \
		--without-libidn2 --without-librtmp --without-zlib
	make -j2 -C lib
	build_crowd curl -Iinclude lib/.libs/libcurl.a
}
smoke() { "$here/serving.py" web "$here/run-crowd.sh" 1000; }
