// Intent: a declaration for which there is no place where it is needed does not move to one where its name is another macro's.
// RUN: %rewritten %s %t -D_GNU_SOURCE && %check %s < %t.changes
#include <unistd.h>
#define write hidden
int hidden(int, ...);
int first(int fd, char *b)
{
	return write(fd, b);
}
#undef write
struct other { int x; }; int second(int fd, char *b)
{
	return (int)write(fd, b, 1);
}
struct another { int x; }; int third(int fd, char *b)
{
	return (int)read(fd, b, 1);
}
//      CHECK:11:struct other { int x; }; extern __typeof__(write) co_write; int second(int fd, char *b)
// CHECK-NEXT:13:	return (int)co_write(fd, b, 1);
// CHECK-NEXT:14:} extern __typeof__(read) co_read;
// CHECK-NEXT:17:	return (int)co_read(fd, b, 1);
//  CHECK-NOT:{{.}}
