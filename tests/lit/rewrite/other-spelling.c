// Intent: another spelling of a hooked function that the source uses itself has a mirror of that name.
// RUN: %rewritten %s %t -D_LARGEFILE64_SOURCE && %check %s < %t.changes
// REQUIRES: x86_64
#include <fcntl.h>

int flags(int fd)
{
	return fcntl64(fd, F_GETFL);
}
//      CHECK:5:extern __typeof__(fcntl64) co_fcntl64;
// CHECK-NEXT:8:	return co_fcntl64(fd, F_GETFL);
//  CHECK-NOT:{{.}}
