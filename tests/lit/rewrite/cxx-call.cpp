// Intent: in C++ calls are renamed in functions, methods, initializers, default arguments and lambdas; mirrors are declared extern "C" at file scope.
// RUN: %rewritten %s %t && %check %s < %t.changes
#include <unistd.h>

class file {
public:
	explicit file(int fd = ::dup(0)) : fd_(::dup(fd)), other_(dup(fd)) {}
	~file() { ::close(fd_); }
	long get(char *b) const { return ::read(fd_, b, 1); }
	long put(const char *b);

private:
	int fd_, other_ = dup(1);
};
long file::put(const char *b)
{
	return ::write(fd_, b, 1) + other_;
}
int late(int fd, int second = ::dup(1))
{
	auto twice = [fd](char *b) { return ::read(fd, b, 1) + read(fd, b, 1); };
	int (&bound)(int) = close;
	char c;
	return (int)twice(&c) + bound(second) + (*::close)(second);
}
//      CHECK:4:extern "C" { extern __typeof__(::dup) co_dup; } extern "C" { extern __typeof__(::close) co_close; } extern "C" { extern __typeof__(::read) co_read; }
// CHECK-NEXT:7:	explicit file(int fd = ::co_dup(0)) : fd_(::co_dup(fd)), other_(co_dup(fd)) {}
// CHECK-NEXT:8:	~file() { ::co_close(fd_); }
// CHECK-NEXT:9:	long get(char *b) const { return ::co_read(fd_, b, 1); }
// CHECK-NEXT:13:	int fd_, other_ = co_dup(1);
// CHECK-NEXT:14:}; extern "C" { extern __typeof__(::write) co_write; }
// CHECK-NEXT:17:	return ::co_write(fd_, b, 1) + other_;
// CHECK-NEXT:19:int late(int fd, int second = ::co_dup(1))
// CHECK-NEXT:21:	auto twice = [fd](char *b) { return ::co_read(fd, b, 1) + co_read(fd, b, 1); };
// CHECK-NEXT:22:	int (&bound)(int) = co_close;
// CHECK-NEXT:24:	return (int)twice(&c) + bound(second) + (*::co_close)(second);
//  CHECK-NOT:{{.}}
