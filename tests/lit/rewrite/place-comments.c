// Intent: declarations go ahead of line comments, behind block comments, ahead of a block comment that the declaration's line ends, never inside.
// RUN: %rewritten %s %t -Wno-comment -Wno-unused-result && %check %s < %t.changes
#include <sys/socket.h>
#include <unistd.h>
int x; // a remark
int a(int fd) { return close(fd); }
int y; /* a remark
        * of two lines */ int b(int fd) { return dup(fd); }
/* a remark of its own */
int c(int fd) { return dup2(fd, 1); }
int z; // a remark with a continuation \
	, really
int d(int fd) { return listen(fd, 1); }
int w; /* one */ /* two */ // three
int e(int fd) { return shutdown(fd, 1); }
//      CHECK:5:int x; extern __typeof__(close) co_close; // a remark
// CHECK-NEXT:6:int a(int fd) { return co_close(fd); }
// CHECK-NEXT:7:int y; extern __typeof__(dup) co_dup; /* a remark
// CHECK-NEXT:8:        * of two lines */ int b(int fd) { return co_dup(fd); }
// CHECK-NEXT:9:/* a remark of its own */ extern __typeof__(dup2) co_dup2;
// CHECK-NEXT:10:int c(int fd) { return co_dup2(fd, 1); }
// CHECK-NEXT:11:int z; extern __typeof__(listen) co_listen; // a remark with a continuation \
// CHECK-NEXT:13:int d(int fd) { return co_listen(fd, 1); }
// CHECK-NEXT:14:int w; /* one */ /* two */ extern __typeof__(shutdown) co_shutdown; // three
// CHECK-NEXT:15:int e(int fd) { return co_shutdown(fd, 1); }
//  CHECK-NOT:{{.}}
