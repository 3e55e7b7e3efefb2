// Intent: names that the program tests for being there (weak) are kept: a mirror is always there, and compilers would warn.
// RUN: %rewritten %s %t -Wno-redundant-decls && %check %s < %t.changes
// RUN: %cohook audit %s | FileCheck %s --check-prefix=AUDIT
#include <pthread.h>

extern int pthread_join(pthread_t, void **) __attribute__((weak));
#pragma weak pthread_detach

int finish(pthread_t t, pthread_mutex_t *m)
{
	if (pthread_join)
		pthread_join(t, 0);
	if (pthread_detach)
		pthread_detach(t);
	return pthread_mutex_lock(m);
}
//      CHECK:8:extern __typeof__(pthread_mutex_lock) co_pthread_mutex_lock {{.*}}
// CHECK-NEXT:15:	return co_pthread_mutex_lock(m);
//  CHECK-NOT:{{.}}
// AUDIT: finish: pthread_join: kept (made weak by the program)
// AUDIT: finish: pthread_detach: kept (made weak by the program)
