// Intent: what is inside extern "C" is at file scope, system headers that are included there too; what is declared in a namespace is kept.
// RUN: %rewritten %s %t && %check %s < %t.changes
// RUN: %cohook-cc --cohook-explain -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=WHY
extern "C" {
#include <unistd.h>

int f(int fd)
{
	return close(fd);
}
static inline int g(int fd) { return ::dup(fd); }
}
extern "C" int h(int fd) { return g(fd) + (int)lseek(fd, 0, 0); }
namespace own {
extern "C" {
#include <poll.h>
}
int i(pollfd *fds) { return poll(fds, 1, 0); }
}
//      CHECK:6:extern "C" { extern __typeof__(::close) co_close; }
// CHECK-NEXT:9:	return co_close(fd);
// CHECK-NEXT:10:} extern "C" { extern __typeof__(::dup) co_dup; }
// CHECK-NEXT:11:static inline int g(int fd) { return ::co_dup(fd); }
//  CHECK-NOT:{{.}}
// WHY: i: poll: kept (libc's declaration is inside a namespace)
