// Intent: a program that gives libc's name another symbol means another function: kept.
// RUN: %rewritten %s %t -Wno-redundant-decls && %check %s --allow-empty < %t.changes
// RUN: %cohook audit %s | FileCheck %s --check-prefix=AUDIT
#include <unistd.h>

extern int dup(int) __asm__("my_dup");

int again(int fd)
{
	return dup(fd);
}
// CHECK-NOT:{{.}}
// AUDIT: again: dup: kept (bound to the symbol my_dup, which has no mirror)
