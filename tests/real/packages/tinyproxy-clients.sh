# shellcheck shell=sh disable=SC2034,SC2154
# tinyproxy with a thread for each connection, which is a fiber: many downloads through it at once. The threads: one for
# each worker, with more than one worker also main's own, and at most four of the pool.
source=tinyproxy
needs() { need setpriv; }
build() {
	./configure --disable-manpage-support CC="$CC"
	make -j2
}
smoke() {
	for workers in 1 3; do
		COHOOK_WORKERS=$workers "$here/serving.py" web "$here/crowd_proxy.py" src/tinyproxy 400 $((workers + 5))
	done
}
