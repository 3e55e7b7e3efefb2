// Intent: attributes that make compilers warn stay with the mirrors, as does noreturn; `leaf` and the like do not come along.
// RUN: %rewritten %s %t -D_GNU_SOURCE && %check %s < %t.changes
// RUN: for cc in %gcc %clang; do %cohook-cc --cohook-emit -O2 -D_FORTIFY_SOURCE=2 -DIGNORE %s > %t.2.c && not $cc -O2 -D_FORTIFY_SOURCE=2 -DIGNORE -Wall -Werror -c %t.2.c -o %t.o 2>&1 | FileCheck %s --check-prefix=WARNINGS || exit 1; done
#include <pthread.h>
#include <unistd.h>

int always(pthread_mutex_t *m)
{
	pthread_mutex_lock(m);
	pthread_exit(m);
}

int leaf(int fd)
{
	return dup(fd);
}

#ifdef IGNORE
void never(int *fds)
{
	pipe(fds);
	pthread_mutex_lock(NULL);
}
#endif
//      CHECK:6:extern __typeof__(pthread_mutex_lock) co_pthread_mutex_lock __attribute__((__nonnull__(1))); extern __typeof__(pthread_exit) co_pthread_exit __attribute__((__noreturn__));
// CHECK-NEXT:9:	co_pthread_mutex_lock(m);
// CHECK-NEXT:10:	co_pthread_exit(m);
// CHECK-NEXT:12:extern __typeof__(dup) co_dup;
// CHECK-NEXT:15:	return co_dup(fd);
//  CHECK-NOT:{{.}}
// WARNINGS-DAG: {{null where non-null expected|null passed to a callee}}
// WARNINGS-DAG: {{warn_unused_result}}
