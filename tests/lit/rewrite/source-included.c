// Intent: a source that includes another one is one unit; both texts are edited.
// RUN: split-file %s %t && cd %t && for wrapper in "%cohook-gcc" "%cohook-clang"; do $wrapper -Wall -Wextra -Werror -Wredundant-decls -c whole.c -o whole.o && nm whole.o | FileCheck %s || exit 1; done
// CHECK-NOT: U {{close|dup}}
// CHECK: U co_close
// CHECK: U co_dup
//--- part.c
#include <unistd.h>
static int part(int fd)
{
	return close(fd);
}
//--- whole.c
#include "part.c"
int whole(int fd)
{
	return part(dup(fd)) + close(fd);
}
