// Intent: what compilers know of stdio's functions by their names they know of the mirrors: the same warnings for formats and null pointers.
// RUN: emit() { COHOOK_CC=$1 %cohook-cc --cohook-emit %s > %t.c; }
// RUN: warnings() { $1 -Wall -Wextra -Wformat=2 -Wnonnull -fsyntax-only $2 2>&1 | grep -o '^[^ ]*:[0-9]*:.*warning: .*' | sed 's/.*:\([0-9]*\):[0-9]*: warning: .*\(\[-W[^]]*\]\)/\1 \2/' | sort; }
// RUN: for cc in %gcc %clang; do emit $cc; warnings $cc %s > %t.plain; warnings $cc %t.c > %t.ours; diff %t.plain %t.ours || exit 1; test $(wc -l < %t.ours) -ge 9 || exit 1; done
// RUN: %cohook-cc --cohook-emit -O2 -D_FORTIFY_SOURCE=2 %s > %t.f.c && %gcc -O2 -D_FORTIFY_SOURCE=2 -Wall -Wformat=2 -Wno-unused-result -fsyntax-only %t.f.c 2>&1 | grep -c 'Wformat=' | grep -x 6
#include <stdarg.h>
#include <stdio.h>

int formats(FILE *fp, int n, const char *format);
int lists(FILE *fp, const char *format, va_list list);

int formats(FILE *fp, int n, const char *format)
{
	printf("%s", n);
	fprintf(fp, "%s", n);
	dprintf(1, "%s", n);
	printf(format);
	fprintf(fp, format, n);
	n += scanf("%s", &n);
	n += fscanf(fp, "%f", &n);
	printf("%d%d", n);
	return n;
}

int lists(FILE *fp, const char *format, va_list list)
{
	puts(NULL);
	fputs(NULL, fp);
	fwrite(NULL, 1, 1, fp);
	vprintf(NULL, list);
	return vfprintf(fp, format, list);
}
