// Intent: the inline forms that libc's header has of getchar and its kin are not listed, their callers are.
// RUN: cd %S && %cohook audit inline-forms.c -- -O2 > %t.out && FileCheck --match-full-lines --strict-whitespace %s < %t.out
#include <stdio.h>

int next(void)
{
	return getchar();
}
//      CHECK:inline-forms.c:7:9: next: getchar: rewritten
// CHECK-NEXT:1 site: 1 rewritten, 0 kept, 0 without a mirror
//  CHECK-NOT:{{.}}
