// Intent: calls are renamed; the mirror is declared ahead of the first function that needs it; no line moves.
// RUN: %rewritten %s %t && %check %s < %t.changes
#include <sys/socket.h>
#include <unistd.h>

static int twice(int x)
{
	return 2 * x;
}
int serve(int fd, char *buffer)
{
	ssize_t n = read(fd, buffer, 1);

	if (n < 0 || send(fd, buffer, (size_t)n, 0) != n)
		return close(fd), -1;
	return (int)(read)(fd, buffer, 1) + (*close)(fd) + (&close)(twice(fd));
}
//      CHECK:9:} extern __typeof__(read) co_read; extern __typeof__(send) co_send; extern __typeof__(close) co_close;
// CHECK-NEXT:12:	ssize_t n = co_read(fd, buffer, 1);
// CHECK-NEXT:14:	if (n < 0 || co_send(fd, buffer, (size_t)n, 0) != n)
// CHECK-NEXT:15:		return co_close(fd), -1;
// CHECK-NEXT:16:	return (int)(co_read)(fd, buffer, 1) + (*co_close)(fd) + (&co_close)(twice(fd));
//  CHECK-NOT:{{.}}
