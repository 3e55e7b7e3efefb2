// Intent: pthread_create is rewritten only if threads are to be fibers; all that goes with it always is.
// RUN: %rewritten %s %t && %check %s < %t.changes
// RUN: %cohook-cc --cohook-emit --cohook-threads=fiber %s | FileCheck %s --check-prefix=FIBER
// RUN: env COHOOK_THREADS=fiber %cohook-cc --cohook-emit %s | FileCheck %s --check-prefix=FIBER
// RUN: %cohook audit %s | FileCheck %s --check-prefix=AUDIT
// RUN: %cohook audit --threads=fiber %s | FileCheck %s --check-prefix=AUDIT-FIBER
#include <pthread.h>

int start(void *(*f)(void *))
{
	pthread_t t;

	return pthread_create(&t, NULL, f, NULL) || pthread_join(t, NULL);
}
//      CHECK:8:extern __typeof__(pthread_join) co_pthread_join;
// CHECK-NEXT:13:	return pthread_create(&t, NULL, f, NULL) || co_pthread_join(t, NULL);
//  CHECK-NOT:{{.}}
// FIBER: {{^}}	return co_pthread_create(&t, NULL, f, NULL) || co_pthread_join(t, NULL);
// AUDIT: start: pthread_create: kept (threads are OS threads without --cohook-threads=fiber)
// AUDIT: start: pthread_join: rewritten
// AUDIT-FIBER: start: pthread_create: rewritten
