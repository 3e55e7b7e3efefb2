// Intent: files with carriage returns, without a last newline and with a byte order mark are edited like any other.
// RUN: %rewritten %s %t && cat %t.changes | tr -d "\r" | %check %s --dump-input=never
// CHECK:6:extern __typeof__(close) co_close;
// CHECK-NEXT:7:int a(int fd) { return co_close(fd); }{{.*}}
#include <unistd.h>

int a(int fd) { return close(fd); } // the end