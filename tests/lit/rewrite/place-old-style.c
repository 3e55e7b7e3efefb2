// Intent: definitions in the style of K&R are whole declarations, semicolons and all.
// RUN: %rewritten %s %t -std=gnu89 -Wno-implicit-int && %check %s < %t.changes
#include <unistd.h>
static int one(fd, other)
	int fd;
	int other;
{
	return close(fd) + other;
}
int
main(argc, argv)
	int argc;
	char **argv;
{
	return one(argc, 1) + dup(**argv);
}
//      CHECK:4:extern __typeof__(close) co_close; static int one(fd, other)
// CHECK-NEXT:8:	return co_close(fd) + other;
// CHECK-NEXT:9:} extern __typeof__(dup) co_dup;
// CHECK-NEXT:15:	return one(argc, 1) + co_dup(**argv);
//  CHECK-NOT:{{.}}
