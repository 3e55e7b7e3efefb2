// Intent: templates are rewritten where the name cannot depend on their arguments; else the name keeps its text and gets the mirror's symbol; arguments of templates stay.
// RUN: %rewritten %s %t && FileCheck %s < %t.changes
// RUN: %cohook-cc --cohook-explain -O2 -D_FORTIFY_SOURCE=2 -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=WHY
#include <unistd.h>

template <class T> struct box {
	T value;
	long get(int fd) { return ::read(fd, &value, sizeof value); }
	int shut(int fd) { return close(fd); }
};
template <class T> long put(int fd, const T &value)
{
	return write(fd, &value, sizeof value);
}
template <class T> long take(int fd, T &value)
{
	return read(fd, &value, sizeof value);
}
template <int (*Close)(int)> struct guard {
	int fd;
	~guard() { Close(fd); }
};
template <int (*Close)(int) = ::dup> struct other {};
long f(int fd)
{
	box<int> b = {1};
	guard<close> first = {1};
	guard<&::close> second = {2};
	other<> third;
	(void)third;
	return b.get(fd) + b.shut(fd) + put(fd, b.value) + take(fd, b.value) + first.fd + second.fd;
}
//      CHECK: 8:{{.*}}return ::co_read(fd, &value, sizeof value); }
// CHECK-NEXT: 9:{{.*}}return co_close(fd); }
// CHECK-NEXT: 10:}; {{.*}}extern __typeof__(::write) write __asm__("co_write");
//  CHECK-NOT: {{return|guard|other}}

// WHY-DAG: {{:8:.*}} get: read: rewritten
// WHY-DAG: {{:13:.*}} put: write: rewritten
// WHY-DAG: {{:17:.*}} take: read: kept (which function it is depends on the arguments of a template)
// WHY-DAG: {{:23:.*}} dup: kept (the argument of a template is part of a type's name)
// WHY-DAG: {{:27:.*}} close: kept (the argument of a template is part of a type's name)
// WHY-DAG: {{:28:.*}} close: kept (the argument of a template is part of a type's name)
