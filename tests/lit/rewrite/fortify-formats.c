// Intent: under _FORTIFY_SOURCE the printf family is rewritten too, with gcc to the mirrors' checking forms, as libc's headers would have it.
// RUN: COHOOK_CC=%gcc %cohook-cc --cohook-emit -O2 -D_FORTIFY_SOURCE=2 %s > %t.c && %gcc -O2 -D_FORTIFY_SOURCE=2 -Wall -Wextra -pedantic -Werror -c %t.c -o %t.o && nm -u %t.o > %t.ours
// RUN: %gcc -O2 -D_FORTIFY_SOURCE=2 -c %s -o %t.o && nm -u %t.o > %t.plain && sed 's/ co_/ /' %t.ours | sort | diff - %t.plain
// RUN: grep -c ' co_' %t.ours | grep -x 5
// RUN: COHOOK_CC=%clang %cohook-cc --cohook-emit -O2 -D_FORTIFY_SOURCE=2 %s > %t.c && %clang -O2 -D_FORTIFY_SOURCE=2 -Wall -Wextra -pedantic -Werror -c %t.c -o %t.o && nm -u %t.o | grep ' co_' | FileCheck %s --check-prefix=CLANG
// RUN: COHOOK_CC=%gcc %cohook-cc --cohook-emit -O0 -D_FORTIFY_SOURCE=2 %s > %t.c && %gcc -D_FORTIFY_SOURCE=2 -Wno-cpp -c %t.c -o %t.o && nm -u %t.o | FileCheck %s --check-prefix=PLAIN
#include <stdarg.h>
#include <stdio.h>

int all(FILE *fp, int fd, va_list list);

int all(FILE *fp, int fd, va_list list)
{
	int (*address)(FILE *, const char *, ...) = fprintf;

	return printf("%d", 1) + fprintf(fp, "%d", 2) + dprintf(fd, "%d", 3) +
	       vfprintf(fp, "%d", list) + vdprintf(fd, "%d", list) +
	       (address == fprintf);
}
// CLANG-NOT: _chk
// CLANG: U co_dprintf
// CLANG: U co_fprintf
// CLANG: U co_printf
// CLANG: U co_vdprintf
// CLANG: U co_vfprintf
// PLAIN-NOT: _chk
// PLAIN: U co_dprintf
// PLAIN: U co_fprintf
// PLAIN: U co_printf
