// Intent: declarations that macros begin, end or make altogether are not cut.
// RUN: %rewritten %s %t && %check %s < %t.changes
#include <sys/socket.h>
#include <unistd.h>
#define FUNCTION(name, call) int name(int fd) { return call; }
#define BEGIN(name) int name(int fd) {
#define END(x) return x; }
#define LIST int first; static int second;
FUNCTION(a, close(fd))
BEGIN(b)
	fd = dup(fd);
END(fd)
BEGIN(c) fd = listen(fd, 1); END(
	fd)
LIST
FUNCTION(
	d,
	shutdown(second, fd)) FUNCTION(e, socket(fd, fd, fd))
//      CHECK:9:extern __typeof__(close) co_close; FUNCTION(a, co_close(fd)) extern __typeof__(dup) co_dup;
// CHECK-NEXT:11:	fd = co_dup(fd);
// CHECK-NEXT:12:END(fd) extern __typeof__(listen) co_listen;
// CHECK-NEXT:13:BEGIN(c) fd = co_listen(fd, 1); END(
// CHECK-NEXT:15:LIST extern __typeof__(shutdown) co_shutdown; extern __typeof__(socket) co_socket;
// CHECK-NEXT:18:	co_shutdown(second, fd)) FUNCTION(e, co_socket(fd, fd, fd))
//  CHECK-NOT:{{.}}
