// Intent: where a macro makes a string of a call under _FORTIFY_SOURCE, a local hides the plain name; it cannot hide a qualified one, which is kept, and said to be.
// RUN: %cohook-cc -O2 -D_FORTIFY_SOURCE=2 --cohook-explain -c %s -o %t.o 2>&1 | FileCheck %s
// RUN: nm %t.o | grep 'U co_recv$' && nm %t.o | grep 'U read$'
#include <sys/socket.h>
#include <unistd.h>
#define CHECK_THAT(x) ((x) ? 0 : failed(#x))
int failed(const char *);
int plain(int fd, char *b)
{
	return CHECK_THAT(recv(fd, b, 1, 0));
}
int qualified(int fd, char *b)
{
	return CHECK_THAT(::read(fd, b, 1));
}
// CHECK-DAG: plain: recv: rewritten
// CHECK-DAG: qualified: read: kept (a macro makes a string
