// Intent: a header that is included where cohook is off is off too, and a region that a header opens ends with the header.
// RUN: split-file %s %t && cd %t && %cohook audit a.c | FileCheck %s
// RUN: for wrapper in "%cohook-gcc" "%cohook-clang"; do $wrapper -Wall -Wextra -Werror -c a.c -o a.o || exit 1; done
// CHECK: a.c:8:{{[0-9]*}}: own: close: rewritten
// CHECK: off.h:2:{{[0-9]*}}: off: close: kept (#pragma cohook off)
// CHECK: opens.h:3:{{[0-9]*}}: opens: close: kept (#pragma cohook off)
//--- a.c
#include <unistd.h>
#pragma cohook off
#include "off.h"
#pragma cohook on
#include "opens.h"
int own(int fd)
{
	return close(fd) + off(fd) + opens(fd);
}
//--- off.h
#include <unistd.h>
static inline int off(int fd) { return close(fd); }
//--- opens.h
#include <unistd.h>
#pragma cohook off
static inline int opens(int fd) { return close(fd); }
