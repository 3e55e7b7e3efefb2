// Intent: a user's declaration beside libc's stays; calls after it are still calls of libc's function.
// RUN: %rewritten %s %t -Wno-redundant-decls && %check %s < %t.changes
#include <unistd.h>

extern int close(int);
extern ssize_t read(int, void *, size_t);

int end(int fd)
{
	extern int close(int fd);
	char c;

	return close(fd) + (int)read(fd, &c, 1);
}
//      CHECK:7:extern __typeof__(close) co_close; extern __typeof__(read) co_read;
// CHECK-NEXT:13:	return co_close(fd) + (int)co_read(fd, &c, 1);
//  CHECK-NOT:{{.}}
