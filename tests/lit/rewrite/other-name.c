// Intent: a function that the program declares under a name of its own and binds to libc's symbol, by an asm label or a weak reference, is kept, and said to be; one that it defines itself is none of libc's.
// RUN: %rewritten %s %t && %check %s < %t.changes
// RUN: %cohook audit %s | FileCheck %s --check-prefix=AUDIT
// RUN: cp %s %t.cpp && %cohook audit %t.cpp | FileCheck %s --check-prefix=AUDIT
// RUN: %cohook-cc --cohook-explain -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=AUDIT
// RUN: %cohook ledger %t.o | FileCheck %s --check-prefix=LEDGER
// RUN: nm -u %t.o | FileCheck %s --check-prefix=SYMBOLS
#include <unistd.h>
#ifdef __cplusplus
extern "C" {
#endif
extern int shut(int fd) __asm__("close");
static __typeof__(read) take __attribute__((weakref("read")));
int own(int fd) __asm__("dup");
int own(int fd)
{
	return fd;
}
int not_ours(int fd) __asm__("nobody");
int (*const table[])(int) = {shut, not_ours};

int first(int fd, char *b)
{
	if (take)
		return own(fd) + shut(fd) + (int)take(fd, b, 1);
	return (int)write(fd, b, 1) + not_ours(fd);
}
#ifdef __cplusplus
}
#endif
//       CHECK:{{.*}}co_write;
//  CHECK-NEXT:26:	return (int)co_write(fd, b, 1) + not_ours(fd);
//   CHECK-NOT:{{.}}
//       AUDIT: :20:30: (file scope): close: kept (the program calls it shut, by a declaration of its own)
//  AUDIT-NEXT: :24:6: first: read: kept (the program calls it take, by a declaration of its own)
//  AUDIT-NEXT: :25:20: first: close: kept (the program calls it shut, by a declaration of its own)
//  AUDIT-NEXT: :25:36: first: read: kept (the program calls it take, by a declaration of its own)
//  AUDIT-NEXT: :26:14: first: write: rewritten
//   AUDIT-NOT: kept (
//      LEDGER: close{{.}}address{{.}}kept{{.}}the program calls it shut, by a declaration of its own
//      LEDGER: read{{.}}call{{.}}kept{{.}}the program calls it take, by a declaration of its own
// SYMBOLS-DAG: U close
// SYMBOLS-DAG: {{[wU]}} read
// SYMBOLS-DAG: U co_write
