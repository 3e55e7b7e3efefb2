# shellcheck shell=sh disable=SC2154,SC2086
# leveldb: a C++ library whose callers wait for a thread of its own, which compacts the tables. Its
# test of the C interface.
needs() { :; }
build() {
	flags='-std=c++17 -O1 -I. -Iinclude -DLEVELDB_PLATFORM_POSIX=1 -DHAVE_SNAPPY=0 -DHAVE_CRC32C=0
		-DHAVE_FDATASYNC=1 -DHAVE_FULLFSYNC=0 -DHAVE_O_CLOEXEC=1'
	find db table util -name '*.cc' ! -name '*_test.cc' ! -name '*_bench.cc' ! -name leveldbutil.cc \
		! -name '*_windows*' ! -name testutil.cc |
		xargs -P2 -I{} sh -c 'f={}; o=$(echo "$f" | tr / _).o; exec "$CXX" $1 -c "$f" -o "$o"' sh "$flags"
	"$CXX" -Iinclude -x c -std=c11 -c db/c_test.c -o c_test.main
	"$CXX" c_test.main ./*.cc.o -o c_test
}
smoke() {
	TEST_TMPDIR=$PWD ./c_test 2>&1 | tee c_test.out
	grep -q '^PASS$' c_test.out
}
