// Intent: under _FORTIFY_SOURCE calls whose buffer is known are checked by the mirror's checking form, at compile time where that can be told; addresses are the mirror's own.
// RUN: %cohook-cc --cohook-emit -O2 -D_FORTIFY_SOURCE=2 %s > %t.c && grep -o "co_[a-z]*(.[^)]*) { return" %t.c | grep -c . | grep -x 2
// RUN: build() { $1 -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$2 -Wall -Wextra -Wredundant-decls -Wmissing-prototypes -pedantic -Werror -c $3 -o %t.o && nm -u %t.o | sed 's/ co_/ /' | sort > $4; }
// RUN: for cc in %gcc %clang; do for level in 1 2 3; do %cohook-cc --cohook-emit -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$level %s > %t.c && build $cc $level %s %t.plain && build $cc $level %t.c %t.ours && diff %t.plain %t.ours || exit 1; done; done
// RUN: %cohook-cc --cohook-emit -O2 -D_FORTIFY_SOURCE=2 %s > %t.c && %gcc -O2 -D_FORTIFY_SOURCE=2 -c %t.c -o %t.o && nm %t.o | FileCheck %s
// RUN: %cohook-cc --cohook-emit -O2 -D_FORTIFY_SOURCE=2 -DTOO_MUCH %s > %t.c
// RUN: not %gcc -O2 -D_FORTIFY_SOURCE=2 -DTOO_MUCH -Wno-stringop-overflow -Werror -c %t.c -o %t.o 2>&1 | FileCheck %s --check-prefix=WARNING
// RUN: %cohook-cc --cohook-emit -O0 -D_FORTIFY_SOURCE=2 %s | grep -v '^//' | not grep always_inline
// RUN: %cohook-cc --cohook-emit -O2 -U_FORTIFY_SOURCE %s | grep -v '^//' | not grep always_inline
#include <poll.h>
#include <unistd.h>

long unknown(int fd, char *b, size_t n);
long known(int fd, size_t n);
long right(int fd);
int polls(nfds_t n);
extern long (*address)(int, void *, size_t);

long (*address)(int, void *, size_t) = read;

long unknown(int fd, char *b, size_t n)
{
	return read(fd, b, n);
}

long known(int fd, size_t n)
{
	char buffer[16];

	return read(fd, buffer, n) + buffer[0];
}

long right(int fd)
{
	char buffer[16];

	return read(fd, buffer, sizeof buffer) + buffer[0];
}

int polls(nfds_t n)
{
	struct pollfd fds[2] = {{0, POLLIN, 0}, {1, POLLIN, 0}};

	return poll(fds, n, 0);
}

#ifdef TOO_MUCH
long wrong(int fd)
{
	char buffer[16];

	return read(fd, buffer, 17) + buffer[0];
}
#endif
// CHECK-NOT: U {{_*(read|poll)}}
// CHECK: U co___poll_chk
// CHECK-NOT: U {{_*(read|poll)}}
// CHECK: U co___read_chk
// CHECK-NOT: U {{_*(read|poll)}}
// CHECK: U co_read
// CHECK-NOT: U {{_*(read|poll)}}
// WARNING: error: call to 'co___read_chk_warn' declared with attribute warning: read called with more bytes than its buffer has
