// Intent: the audit names the thread-local variables that fibers would share, if threads are to be fibers.
// RUN: %cohook audit --threads=fiber %s %s | FileCheck %s
// RUN: %cohook audit %s | FileCheck %s --check-prefix=OS
#define NAME(n) sha##n
static __thread int shared, own;
int f(void) { return own++ + NAME(red); }
// CHECK: tls.c:5: shared: shared by the fibers of a thread (its name is made by ## or comes from the command line, in line 6)
// CHECK-NEXT: 0 sites
// OS-NOT: shared
