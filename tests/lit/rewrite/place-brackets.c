// Intent: [[attributes]] lie outside of what libclang calls the declaration; nothing is put between them and it.
// RUN: %cohook-cc --cohook-emit %s > %t.c && %gcc -std=gnu17 -Wall -Wextra -Werror -c %t.c -o %t.o
// RUN: (diff --unchanged-line-format= --old-line-format= --new-line-format='%%dn:%%L' %s %t.c || true) | %check %s
#include <unistd.h>
int x;
[[gnu::noinline]]
[[gnu::used]] static
int a(int fd)
{
	return close(fd);
}
#define KEPT [[gnu::used]]
KEPT
int b(int fd) { return dup(fd); }
//      CHECK:5:int x; extern __typeof__(close) co_close;
// CHECK-NEXT:10:	return co_close(fd);
// CHECK-NEXT:11:} extern __typeof__(dup) co_dup;
// CHECK-NEXT:14:int b(int fd) { return co_dup(fd); }
//  CHECK-NOT:{{.}}
