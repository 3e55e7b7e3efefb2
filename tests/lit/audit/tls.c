// Intent: the audit names the thread-local variables that fibers would share, if threads are to be fibers; of the others a wait between two uses is no concern then.
// RUN: %cohook audit --threads=fiber %s %s | FileCheck %s
// RUN: %cohook audit %s | FileCheck %s --check-prefix=OS
#include <unistd.h>
#define NAME(n) sha##n
static __thread int shared, own;
int f(void) { return own++ + NAME(red); }
int g(void) { own++; usleep(1); return own; }
int h(void) { shared++; usleep(1); return shared; }
// CHECK: tls.c:6: (file scope): shared-local: the fibers of an OS thread share shared (its name is made by ## or comes from the command line, in line 7)
// CHECK-NOT: own while
// CHECK: tls.c:9:{{.*}}: h: usleep: thread-local: other fibers may change the thread-local shared while usleep waits
// CHECK-NOT: own while
// OS-NOT: shared-local
// OS: g: usleep: thread-local: other fibers may change the thread-local own while usleep waits
