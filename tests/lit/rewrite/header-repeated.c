// Intent: a header that is included several times is edited once for all of its inclusions, without warnings about repeated declarations.
// RUN: for wrapper in "%cohook-gcc" "%cohook-clang"; do for mode in -O0 "-O2 -D_FORTIFY_SOURCE=2"; do $wrapper $mode -Wall -Wextra -Werror -Wredundant-decls -I%S/Inputs/headers -c %s -o %t.o && nm %t.o | FileCheck %s || exit 1; done; done
#include <sys/socket.h>
#include <unistd.h>
#define GLUE(a, b) a##b
#define HOW SHUT_RD
#define NAME(x) GLUE(reader_, x)
#include "template.h"
#undef HOW
#undef NAME
#define HOW SHUT_WR
#define NAME(x) GLUE(writer_, x)
#include "template.h"

static int (*const handlers[])(int) = {
#include "handlers.inc"
};

int all(int fd)
{
	return reader_end(fd) + writer_end(fd) + handlers[fd](fd);
}
// CHECK-NOT: U {{close|dup|shutdown}}
// CHECK: U co_close
// CHECK: U co_dup
// CHECK: U co_shutdown
