// Intent: names in attributes are no calls that can be seen; they stay and compile.
// RUN: %rewritten %s %t && %check %s < %t.changes
#include <unistd.h>

static inline void close_it(int *fd)
{
	close(*fd);
}

int scoped(int fd)
{
	__attribute__((cleanup(close_it))) int copy = dup(fd);

	return copy;
}
//      CHECK:4:extern __typeof__(close) co_close;
// CHECK-NEXT:7:	co_close(*fd);
// CHECK-NEXT:9:extern __typeof__(dup) co_dup;
// CHECK-NEXT:12:	__attribute__((cleanup(close_it))) int copy = co_dup(fd);
//  CHECK-NOT:{{.}}
