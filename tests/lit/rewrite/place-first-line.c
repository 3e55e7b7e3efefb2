extern char before; /* Intent: a place for the declaration is found however tight the text is, without moving lines. RUN lines stand below. */
#include <unistd.h>
int tight(int fd) { return close(fd); }
// RUN: %rewritten %s %t && %check %s < %t.changes
#ifdef NEVER
#endif
int more(int fd) { return dup(fd); }
//      CHECK:3:extern __typeof__(close) co_close; int tight(int fd) { return co_close(fd); }
// CHECK-NEXT:7:extern __typeof__(dup) co_dup; int more(int fd) { return co_dup(fd); }
//  CHECK-NOT:{{.}}
