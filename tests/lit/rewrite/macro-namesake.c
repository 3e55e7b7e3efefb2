// Intent: a macro that stands for the function it is called like has its text left alone, for the mirror's declaration would be read through it; the name gets the mirror's symbol. One with parameters is no obstacle.
// RUN: %rewritten %s %t -D_GNU_SOURCE && %check %s < %t.changes
// RUN: for wrapper in "%cohook-gcc" "%cohook-clang"; do for mode in -O0 "-O2 -D_FORTIFY_SOURCE=2"; do $wrapper $mode -D_GNU_SOURCE -Wall -Wextra -Werror -c %s -o %t.o && nm -u %t.o | FileCheck %s --check-prefix=SYMBOLS || exit 1; done; done
#include <sys/socket.h>
#include <unistd.h>
#define close close
#  define read \
	(read)
#define shutdown(fd) (shutdown)(fd, 2)

int first(int fd, char *b)
{
	return close(fd) + (int)read(fd, b, 1) + shutdown(fd);
}

int (*second(void))(int)
{
	return close;
}
//      CHECK:9:#define shutdown(fd) (co_shutdown)(fd, 2)
// CHECK-NEXT:10:{{.*}} extern __typeof__(close) close __asm__("co_close"); {{.*}} extern __typeof__(read) read __asm__("co_read"); {{.*}} extern __typeof__(shutdown) co_shutdown;
//  CHECK-NOT:{{.}}
// SYMBOLS-NOT: {{ (close|read|shutdown)$}}
// SYMBOLS: co_close
// SYMBOLS: co_read
// SYMBOLS: co_shutdown
