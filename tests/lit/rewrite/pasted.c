// Intent: names that stand nowhere, or not in one piece (##, a line continuation, -D), are rewritten by their symbol.
// RUN: %rewritten %s %t -DSHUT=close && %check %s < %t.changes
// RUN: nm %t.o | FileCheck %s --check-prefix=SYMBOLS
#include <pthread.h>
#include <unistd.h>
#define LOCK(what, m) pthread_mutex_##what(m)

static int own_dup(int fd)
{
	return fd;
}
#define BOTH(n, x) (n(x) + own_##n(x))

int all(pthread_mutex_t *m, int fd)
{
	LOCK(lock, m);
	char c; int n = (int)re\
ad(fd, &c, 1);
	LOCK(unlock, m);
	return n + SHUT(fd) + BOTH(dup, fd);
}
//      CHECK:13:{{.*}} pthread_mutex_lock __asm__("co_pthread_mutex_lock"); {{.*}} read __asm__("co_read"); {{.*}} dup __asm__("co_dup"); {{.*}}
//  CHECK-NOT:{{.}}
// SYMBOLS-NOT: U {{close|pthread_.*|dup|read}}
// SYMBOLS-DAG: U co_close
// SYMBOLS-DAG: U co_dup
// SYMBOLS-DAG: U co_pthread_mutex_lock
// SYMBOLS-DAG: U co_pthread_mutex_unlock
// SYMBOLS-DAG: U co_read
