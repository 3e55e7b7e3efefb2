// Intent: a pragma says what pthread_create makes from there on, whatever holds of the unit; the rest is as ever.
// RUN: %rewritten %s %t && %check %s < %t.changes
// RUN: env COHOOK_THREADS=fiber %rewritten %s %t && %check %s --check-prefixes=CHECK,FIBERS < %t.changes
// RUN: %cohook audit %s | FileCheck %s --check-prefixes=AUDIT,AUDIT-OS
// RUN: %cohook audit --threads=fiber %s | FileCheck %s --check-prefixes=AUDIT,AUDIT-FIBERS
#include <pthread.h>
#define START(t, f) pthread_create(t, NULL, f, NULL)

int plain(pthread_t *t, void *(*f)(void *))
{
	return pthread_create(t, NULL, f, NULL);
}
#pragma cohook threads(os)

int as_thread(pthread_t *t, void *(*f)(void *))
{
	return pthread_create(t, NULL, f, NULL) + pthread_detach(*t);
}

int as_fiber(pthread_t *t, void *(*f)(void *))
{
# pragma cohook threads ( fiber ) /* from here */
	return pthread_create(t, NULL, f, NULL);
}
#if 0
#pragma cohook threads(os)
#endif

int by_address(pthread_t *t, void *(*f)(void *))
{
	__typeof__(pthread_create) *create = pthread_create;

	return create(t, NULL, f, NULL);
}
#pragma cohook off

int off(pthread_t *t, void *(*f)(void *))
{
	return pthread_create(t, NULL, f, NULL);
}
#pragma cohook on
#pragma cohook threads(default)

int again(pthread_t *t, void *(*f)(void *))
{
	return pthread_create(t, NULL, f, NULL);
}
// FIBERS:8:extern __typeof__(pthread_create) co_pthread_create{{.*}}
// FIBERS-NEXT:11:	return co_pthread_create(t, NULL, f, NULL);
// CHECK:13:{{[ ]*}}
// CHECK:17:	return pthread_create(t, NULL, f, NULL) + co_pthread_detach(*t);
// CHECK:22:{{[ ]*}}
// CHECK-NEXT:23:	return co_pthread_create(t, NULL, f, NULL);
// CHECK-NEXT:26:{{[ ]*}}
// CHECK:31:	__typeof__(pthread_create) *create = co_pthread_create;
// CHECK-NEXT:35:{{[ ]*}}
// CHECK-NEXT:41:{{[ ]*}}
// CHECK-NEXT:42:{{[ ]*}}
// FIBERS:46:	return co_pthread_create(t, NULL, f, NULL);
// CHECK-NOT:{{.}}
// AUDIT-OS: plain: pthread_create: kept (threads are OS threads without --cohook-threads=fiber)
// AUDIT-FIBERS: plain: pthread_create: rewritten
// AUDIT: as_thread: pthread_create: kept (#pragma cohook threads(os))
// AUDIT: as_thread: pthread_detach: rewritten
// AUDIT: as_fiber: pthread_create: rewritten
// AUDIT: by_address: pthread_create: rewritten
// AUDIT: off: pthread_create: kept (#pragma cohook off)
// AUDIT-OS: again: pthread_create: kept (threads are OS threads without --cohook-threads=fiber)
// AUDIT-FIBERS: again: pthread_create: rewritten
