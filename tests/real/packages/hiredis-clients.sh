# shellcheck shell=sh disable=SC2034,SC2154
# hiredis for many clients in one program: its own test suite against a server, then a crowd of calls.
source=hiredis
. "$here/crowd.sh"
needs() {
	need redis-server
	need setpriv
}
build() {
	make -j2 CC="$CC" libhiredis.a hiredis-test
	build_crowd hiredis -I. libhiredis.a
}
smoke() {
	# shellcheck disable=SC2016 # expanded beside the server
	"$here/serving.py" redis sh -euc '
		./hiredis-test -h 127.0.0.1 -p "$PORT" -s "$SERVER"
		"$here/run-crowd.sh" 1000'
}
