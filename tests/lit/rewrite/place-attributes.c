// Intent: attributes, __extension__ and macros ahead of a declaration stay with it.
// RUN: %rewritten %s %t -std=gnu17 -Wno-unknown-pragmas && %check %s < %t.changes
#include <sys/socket.h>
#include <unistd.h>
#define API __attribute__((visibility("default")))
#define NOTHING

__attribute__((noinline))
static int a(int fd)
{
	return close(fd);
}
__extension__
API
NOTHING int b(int fd)
{
	return dup(a(fd));
}
NOTHING
API
int c(int fd)
{
	return listen(fd, 1);
}
typedef int (*type)(int, int) __attribute__((aligned(8))); static inline type
d(void)
{
	return shutdown;
}
int (*e)(int, int) __attribute__((unused)) = 0; type f(void) { return (void)socket, d(); }
//      CHECK:7:extern __typeof__(close) co_close;
// CHECK-NEXT:11:	return co_close(fd);
// CHECK-NEXT:12:} extern __typeof__(dup) co_dup;
// CHECK-NEXT:17:	return co_dup(a(fd));
// CHECK-NEXT:18:} extern __typeof__(listen) co_listen;
// CHECK-NEXT:23:	return co_listen(fd, 1);
// CHECK-NEXT:24:} extern __typeof__(shutdown) co_shutdown;
// CHECK-NEXT:28:	return co_shutdown;
// CHECK-NEXT:29:} extern __typeof__(socket) co_socket;
// CHECK-NEXT:30:int (*e)(int, int) __attribute__((unused)) = 0; type f(void) { return (void)co_socket, d(); }
//  CHECK-NOT:{{.}}
