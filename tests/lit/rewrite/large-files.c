// Intent: where libc binds a name to another symbol (large files) the mirror of that symbol is meant.
// RUN: %rewritten %s %t -D_FILE_OFFSET_BITS=64 && %check %s < %t.changes
// RUN: nm %t.o | FileCheck %s --check-prefix=SYMBOLS
// REQUIRES: x86_64
#include <fcntl.h>

int flags(int fd)
{
	int (*address)(int, int, ...) = fcntl;

	return fcntl(fd, F_GETFL) + address(fd, F_GETFD);
}
//      CHECK:6:extern __typeof__(fcntl) co_fcntl __asm__("co_fcntl64");
// CHECK-NEXT:9:	int (*address)(int, int, ...) = co_fcntl;
// CHECK-NEXT:11:	return co_fcntl(fd, F_GETFL) + address(fd, F_GETFD);
//  CHECK-NOT:{{.}}
// SYMBOLS-NOT: fcntl{{$}}
// SYMBOLS: U co_fcntl64
