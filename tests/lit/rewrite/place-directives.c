// Intent: lines of directives take no declaration; those that leave out text are not crossed, harmless ones are.
// RUN: %rewritten %s %t -Wno-unused-result -Wno-unknown-pragmas && %check %s < %t.changes
#include <sys/socket.h>
#include <unistd.h>
int x;
#define TEXT \
	1
#undef NOTHING
#pragma omp declare simd
int a(int fd) { return close(fd); }
int y;
#if 1
int b(int fd) { return dup(fd); }
#else
int z;
#endif
int c(int fd) { return dup2(fd, 1); }
#if 0
int nowhere;

#else

int d(int fd) { return listen(fd, 1); }
#endif
#define shutdown shutdown
int e(int fd) { return shutdown(fd, 1); }
//      CHECK:5:int x; extern __typeof__(close) co_close;
// CHECK-NEXT:10:int a(int fd) { return co_close(fd); } extern __typeof__(dup) co_dup; extern __typeof__(dup2) co_dup2;
// CHECK-NEXT:13:int b(int fd) { return co_dup(fd); }
// CHECK-NEXT:17:int c(int fd) { return co_dup2(fd, 1); }
// CHECK-NEXT:22:extern __typeof__(listen) co_listen; {{.*}} extern __typeof__(shutdown) shutdown __asm__("co_shutdown"); {{.*}}
// CHECK-NEXT:23:int d(int fd) { return co_listen(fd, 1); }
//  CHECK-NOT:{{.}}
