// Intent: a macro argument that is a call here and a member there keeps its text; the call gets the mirror by another way.
// RUN: %rewritten %s %t && %check %s < %t.changes
// RUN: nm %t.o | FileCheck %s --check-prefix=SYMBOLS
#include <unistd.h>
struct ops { int (*close)(int); int (*dup)(int); };
#define DISPATCH(o, m, x) ((o) ? (o)->m(x) : m(x))
#define INIT(m) .m = m

int shut(struct ops *o, int fd)
{
	struct ops own = {INIT(dup), INIT(close)};

	return DISPATCH(o, close, fd) + own.dup(fd) + own.close(fd);
}
//      CHECK:8:_Pragma({{.*}}) extern __typeof__(dup) dup __asm__("co_dup"); {{.*}} extern __typeof__(close) close __asm__("co_close"); _Pragma("GCC diagnostic pop")
//  CHECK-NOT:{{.}}
// SYMBOLS-NOT: U {{close|dup}}
// SYMBOLS: U co_close
// SYMBOLS: U co_dup
