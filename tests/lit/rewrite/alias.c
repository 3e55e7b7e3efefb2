// Intent: where a name can be neither edited nor given another symbol, a local hides it in the functions concerned, and the text stays.
// RUN: %rewritten %s %t -D_FILE_OFFSET_BITS=64 -Wshadow -pedantic && %check %s < %t.changes
// RUN: nm %t.o | FileCheck %s --check-prefix=SYMBOLS
// REQUIRES: x86_64
#include <assert.h>
#include <fcntl.h>
#include <unistd.h>

static int first(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	assert(fcntl(fd, F_GETFD) >= 0);
	return flags;
}

#define CHECKED(x) ((x) ? #x : "")
const char *second(int fd)
{ /* the brace of a function */ const char *text = CHECKED(close(fd)); return fcntl(first(fd), F_GETFD) < 0 ? text : CHECKED(fcntl(fd, F_GETFL) + 0); }

#pragma cohook off
int third(int fd)
{
	return close(fd) + fcntl(fd, F_GETFD);
}
//      CHECK:8:extern __typeof__(fcntl) co_fcntl __asm__("co_fcntl64");
// CHECK-NEXT:10:{ _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"") __typeof__(fcntl) *const fcntl = co_fcntl; _Pragma("GCC diagnostic pop")
// CHECK-NEXT:11:	int flags = co_fcntl(fd, F_GETFL);
// CHECK-NEXT:16:extern __typeof__(close) co_close;
// CHECK-NEXT:19:{ {{.*}} __typeof__(close) *const close = co_close; {{.*}} __typeof__(fcntl) *const fcntl = co_fcntl; _Pragma("GCC diagnostic pop") /* the brace of a function */ const char *text = CHECKED(close(fd)); return co_fcntl(first(fd), F_GETFD) < 0 ? text : CHECKED(fcntl(fd, F_GETFL) + 0); }
// CHECK-NEXT:21:{{ *}}
//  CHECK-NOT:{{.}}
// SYMBOLS: U close
// SYMBOLS: U co_close
// SYMBOLS: U co_fcntl64
// SYMBOLS: U fcntl64
