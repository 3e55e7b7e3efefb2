# shellcheck shell=sh disable=SC2154
# cpp-httplib: a server with a pool of std::threads that wait for connections on a condition variable.
needs() { need curl; need python3; }
build() {
	"$CXX" -std=c++17 -O1 -I. -c example/simplesvr.cc -o simplesvr.o
	"$CXX" simplesvr.o -o simplesvr
}
smoke() {
	mkdir files
	seq 20000 >files/numbers
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("", 0)); print(s.getsockname()[1])')
	COHOOK_WORKERS=1 ./simplesvr "$port" files >server.log 2>&1 &
	server=$!
	trap 'kill $server' EXIT
	curl -sS --retry 50 --retry-connrefused --retry-delay 1 "http://localhost:$port/numbers" | cmp - files/numbers
	# Connections that stay open occupy threads of its pool; the others go on.
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		curl -sS "http://localhost:$port/numbers?$i" -o "got.$i" "http://localhost:$port/numbers" -o "again.$i" &
		clients="${clients:-} $!"
	done
	for client in $clients; do wait "$client"; done
	for got in got.* again.*; do cmp "$got" files/numbers; done
	[ "$(ls "/proc/$server/task" | wc -l)" = 1 ]
}
