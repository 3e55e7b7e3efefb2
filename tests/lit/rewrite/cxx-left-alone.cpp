// Intent: methods, members, functions in namespaces, overloads that arguments choose, and what only a type is made of are no sites.
// RUN: %rewritten %s %t && count 0 < %t.changes
// RUN: %cohook-cc --cohook-explain -c %s -o %t.o 2>&1 | count 0
#include <unistd.h>

namespace user {
struct handle {
	int fd;
};
int read(const handle &h) { return h.fd; }
int close(int fd) { return fd; }
}
struct stream {
	int read(char *b);
	int close() { return read(nullptr); }
	int (*write)(int);
};
template <class T> struct base {
	int poll(T t) { return t; }
	T accept;
};
template <class T> struct derived : base<T> {
	int f(T t) { return this->poll(t) + this->accept; }
};
static int read(user::handle &h, char) { return h.fd; }
int stream::read(char *b) { return b ? write(1) : 0; }
int f(stream &s, stream *p)
{
	user::handle h = {1};
	decltype(close) *unused = nullptr;
	auto close = [](int fd) { return fd; };
	derived<int> d = {};
	return s.read(nullptr) + p->close() + read(h) + read(h, 'x') + user::close(1) + close(2) +
	       d.f(1) + s.stream::close() + (unused != nullptr);
}
