// Intent: names in macros and in headers of C++; a text that is a method elsewhere, or a qualified name that a macro puts together, stays and gets the mirror's symbol.
// RUN: %rewritten %s %t && FileCheck %s < %t.changes
// RUN: %cohook-cc --cohook-explain -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=WHY
// RUN: nm %t.o | grep 'U co_close' && nm %t.o | grep 'U co_write' && nm %t.o | grep 'U co_dup$' && nm %t.o | grep 'U co_dup2'
#include "Inputs/headers/stream.hpp"

#define SHUT(fd) ::close(fd)
#define CALL(object, method, ...) (object ? (object)->method(__VA_ARGS__) : method(__VA_ARGS__))
#define QUALIFIED(space, name) space::name
struct file {
	int dup(int);
};
namespace posix {
using ::dup2;
}
int f(stream::end &e, file *p, char *b)
{
	e.put(b);
	SHUT(e.fd);
	return CALL(p, dup, e.fd) + QUALIFIED(posix, dup2)(1, 2) + (int)stream::get(e.fd, b);
}
// CHECK: #define SHUT(fd) ::co_close(fd)
// CHECK-NOT: p, co_dup
// WHY-DAG: stream.hpp:5:{{.*}} get: read: rewritten
// WHY-DAG: stream.hpp:8:{{.*}} put: write: rewritten
// WHY-DAG: f: close: rewritten
// WHY-DAG: f: dup: rewritten
// WHY-DAG: f: dup2: rewritten
