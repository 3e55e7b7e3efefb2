// Intent: a call whose text a macro also makes a string of (assert, #x) is rewritten without the text, so the string stays.
// RUN: %rewritten %s %t -UNDEBUG && %check %s < %t.changes
// RUN: nm %t.o | FileCheck %s --check-prefix=SYMBOLS
// RUN: strings %t.o | FileCheck %s --check-prefix=STRINGS
#include <assert.h>
#include <pthread.h>
#include <unistd.h>
#define CHECKED(call) check((call), #call, "plain text: close")
#define NAMES(X) X(dup) X(read)
#define AS_STRING(n) #n,
#define AS_SIZE(n) sizeof(&n) +

int check(int status, const char *what, const char *more);
static const char *const names[] = {NAMES(AS_STRING) 0};

int lock(pthread_mutex_t *m, int fd)
{
	assert(pthread_mutex_lock(m) == 0);
	return CHECKED(close(fd)) + names[0][0] + (int)(NAMES(AS_SIZE) 0) + pthread_mutex_unlock(m);
}
//      CHECK:15:{{.*}} extern __typeof__(pthread_mutex_lock) pthread_mutex_lock __asm__("co_pthread_mutex_lock"); {{.*}} extern __typeof__(close) close __asm__("co_close"); {{.*}} extern __typeof__(pthread_mutex_unlock) co_pthread_mutex_unlock{{.*}};
// CHECK-NEXT:19:	return CHECKED(close(fd)) + names[0][0] + (int)(NAMES(AS_SIZE) 0) + co_pthread_mutex_unlock(m);
//  CHECK-NOT:{{.}}
// SYMBOLS-NOT: U {{close|pthread_.*}}
// SYMBOLS: U co_close
// SYMBOLS: U co_pthread_mutex_lock
// SYMBOLS: U co_pthread_mutex_unlock
// STRINGS-NOT: co_close
// STRINGS-NOT: co_pthread
// STRINGS-DAG: pthread_mutex_lock(m) == 0
// STRINGS-DAG: {{^}}close(fd)
// STRINGS-DAG: plain text: close
