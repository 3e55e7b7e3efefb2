// Intent: with -pedantic the conversions that only libc's own headers may do without a warning are muted, and only these.
// RUN: %rewritten %s %t -pedantic -D_GNU_SOURCE && %check %s < %t.changes
// RUN: %cohook-cc --cohook-emit -D_GNU_SOURCE %s | grep -v '^//' | not grep __extension__
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int open_to(int fd, struct sockaddr_in *a, socklen_t n)
{
	int (*address)(int, __CONST_SOCKADDR_ARG, socklen_t) = connect;

	if (connect(fd, (struct sockaddr *)a, n) < 0 || !connect(fd, a, n))
		return close(fd);
	return (accept)(fd, a, &n) + (address != connect);
}
//      CHECK:7:extern __typeof__(connect) co_connect; extern __typeof__(close) co_close; extern __typeof__(accept) co_accept;
// CHECK-NEXT:10:	int (*address)(int, __CONST_SOCKADDR_ARG, socklen_t) = co_connect;
// CHECK-NEXT:12:	if (__extension__ co_connect(fd, (struct sockaddr *)a, n) < 0 || !__extension__ co_connect(fd, a, n))
// CHECK-NEXT:13:		return co_close(fd);
// CHECK-NEXT:14:	return __extension__ (co_accept)(fd, a, &n) + (address != co_connect);
//  CHECK-NOT:{{.}}
