// Intent: names in the arguments of macros, the system's included, are edited where they stand.
// RUN: %rewritten %s %t -D_GNU_SOURCE && %check %s < %t.changes
#include <errno.h>
#include <pthread.h>
#include <unistd.h>
#define TWICE(x) ((x) + (x))
#define APPLY(f, x) f(x)
#define LIST(f) {f, f}

static int (*const list[])(int) = LIST(close);

int all(int fd, void (*handler)(void *))
{
	char c;
	long n = TEMP_FAILURE_RETRY(read(fd, &c, 1));

	pthread_cleanup_push(handler, &c);
	n += TWICE(close(fd)) + APPLY(dup, fd);
	pthread_cleanup_pop(close(fd));
	return (int)n + list[0](fd);
}
//      CHECK:9:extern __typeof__(close) co_close;
// CHECK-NEXT:10:static int (*const list[])(int) = LIST(co_close);
// CHECK-NEXT:11:extern __typeof__(read) co_read; extern __typeof__(dup) co_dup;
// CHECK-NEXT:15:	long n = TEMP_FAILURE_RETRY(co_read(fd, &c, 1));
// CHECK-NEXT:18:	n += TWICE(co_close(fd)) + APPLY(co_dup, fd);
// CHECK-NEXT:19:	pthread_cleanup_pop(co_close(fd));
//  CHECK-NOT:{{.}}
