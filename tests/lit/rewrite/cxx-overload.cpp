// Intent: the mirror is declared while the name is still libc's alone; if it never is, the name is kept.
// RUN: %rewritten %s %t && %check %s < %t.changes
// RUN: %cohook-cc --cohook-explain -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=WHY
struct before {};
inline int dup(before &) { return 1; }
#include <unistd.h>

struct file {
	int fd;
};
inline int close(file &f) { return ::close(f.fd); }
template <class T> inline long read(T &t) { return t.fd; }

int f(file &f, before &b)
{
	char c;
	return close(f) + close(f.fd) + (int)read(f) + (int)read(f.fd, &c, 1) + dup(b) + dup(2);
}
//      CHECK:10:}; extern "C" { extern __typeof__(::close) co_close; }
// CHECK-NEXT:11:inline int close(file &f) { return ::co_close(f.fd); } extern "C" { extern __typeof__(::read) co_read; }
// CHECK-NEXT:17:	return close(f) + co_close(f.fd) + (int)read(f) + (int)co_read(f.fd, &c, 1) + dup(b) + dup(2);
//  CHECK-NOT:{{.}}
// WHY: f: dup: kept (overloaded ahead of libc's declaration)
