// Intent: a string that merely mentions a name, or the file's own name in __FILE__, does not hinder the edit.
// RUN: cp %s %t.read.c && %rewritten %t.read.c %t && %check %s < %t.changes
#include <stdio.h>
#include <unistd.h>
static char text[99];
#define TRY(call, name) \
	((call) < 0 ? sprintf(text, "read, " "or read %s in %s", name, __FILE__), -1 : 0)

int get(int fd, char *b)
{
	return TRY(read(fd, b, 1), "read ahead");
}
//      CHECK:8:extern __typeof__(read) co_read;
// CHECK-NEXT:11:	return TRY(co_read(fd, b, 1), "read ahead");
//  CHECK-NOT:{{.}}
