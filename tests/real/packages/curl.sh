# shellcheck shell=sh disable=SC2154
# curl: autotools and libtool, some four hundred conftests; part of its test suite in perl.
# shellcheck disable=SC2034
reordered=./src/tool_msgs.o # of a blank and a tab
needs() { need perl; }
configure() {
	./configure CC="$CC" --disable-static --disable-ldap --disable-manual --without-ssl \
		--without-libpsl --without-brotli --without-zstd --without-nghttp2 \
		--without-libidn2 --without-librtmp
}
build() { make -j2 && make -j2 -C tests/server; }
smoke() { (cd tests && perl runtests.pl -a 1 to 80); }
