#!/bin/sh
# with-distccd.sh COMMAND...: run it while a distcc server of our own listens on loopback, which keeps its
# account in distccd.log. What distcc itself leaves behind lies in the working directory; the server, another
# user, works in a folder that everybody may write to.
set -eu

port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
user=
[ "$(id -u)" -ne 0 ] || user=--user=distccd # it refuses to serve as root
TMPDIR=/tmp distccd --daemon --no-detach --listen 127.0.0.1 --port "$port" --allow 127.0.0.1 --jobs 2 \
	--log-stderr --log-level=info $user 2>distccd.log &
server=$!
trap 'kill $server' EXIT
until grep -q 'daemon started' distccd.log; do
	if ! kill -0 $server; then
		cat distccd.log >&2
		exit 1
	fi
	sleep 0.05
done

mkdir distcc
export DISTCC_HOSTS="127.0.0.1:$port" DISTCC_DIR="$PWD/distcc"
"$@"
