// Intent: a name that is qualified by namespaces is replaced whole; using-declarations stay; no token is glued together.
// RUN: %rewritten %s %t && %check %s < %t.changes
#include <unistd.h>

namespace m {
using ::read;
using ::close;
struct stream {};
long read(stream &, char *);
namespace inner {
long f(int fd, char *b, stream &s)
{
	return read(fd, b, 1) + m::read(fd, b, 1) + m :: read(s, b);
}
}
}
namespace n = m;
static long f(int fd, char *b)
{
	using m::read;
	return ::m::read(fd, b, 1) + n::read(fd, b, 1) + read(fd, b, 1) + ::read(fd, b, 1);
}
int g(bool c, int fd)
{
	char b;
	return c?fd:n::close(fd) + (int)f(fd<m::close(fd), &b);
}
//      CHECK:4:extern "C" { extern __typeof__(::read) co_read; }
// CHECK-NEXT:13:	return co_read(fd, b, 1) + ::co_read(fd, b, 1) + m :: read(s, b);
// CHECK-NEXT:21:	return ::co_read(fd, b, 1) + ::co_read(fd, b, 1) + co_read(fd, b, 1) + ::co_read(fd, b, 1);
// CHECK-NEXT:22:} extern "C" { extern __typeof__(::close) co_close; }
// CHECK-NEXT:26:	return c?fd: ::co_close(fd) + (int)f(fd< ::co_close(fd), &b);
//  CHECK-NOT:{{.}}
