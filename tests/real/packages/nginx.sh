# shellcheck shell=sh disable=SC2154
# nginx: a configure script of its own that asks the compiler for its name, -Werror, two processes.
needs() { need_header pcre2.h libpcre2-dev && need_header zlib.h zlib1g-dev; }
configure() { ./configure --with-cc="$CC" --with-threads --with-file-aio --with-debug; }
build() { make -j2; }
smoke() { "$here/smoke.py" web objs/nginx; }
