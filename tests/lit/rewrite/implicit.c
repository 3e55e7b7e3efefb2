// Intent: functions that old sources call without any declaration are not libc's as far as can be seen: kept, and the audit says so.
// RUN: %rewritten %s %t -std=gnu89 -Wno-implicit-function-declaration && %check %s --allow-empty < %t.changes
// RUN: %cohook audit %s -- -std=gnu89 | FileCheck %s --check-prefix=AUDIT
int old(int fd)
{
	return close(fd);
}
// CHECK-NOT:{{.}}
// AUDIT: old: close: kept (declared by the program, not by a header of libc)
