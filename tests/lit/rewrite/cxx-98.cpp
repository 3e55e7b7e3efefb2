// Intent: the oldest C++ is no harder, FORTIFY's checking forms and exception specifications included.
// RUN: %rewritten %s %t -std=c++98 -pedantic && FileCheck %s < %t.changes
// RUN: %cohook-gcc -std=c++98 -O2 -c %s -o %t.o && %gcc -std=c++98 -O2 -c %s -o %t.plain.o && sh %S/../wrapper/Inputs/alike.sh %t.plain.o %t.o
#include <sys/socket.h>
#include <unistd.h>

struct witness {
	~witness();
};
int f(int fd, char *b)
{
	witness w;
	return (int)::read(fd, b, 1) + ::dup(fd);
}
int g(int fd, sockaddr *a, socklen_t *n)
{
	return accept(fd, a, n);
}
// CHECK: return (int)::co_read(fd, b, 1) + ::co_dup(fd);
// CHECK: return co_accept(fd, a, n);
