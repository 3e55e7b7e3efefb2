// Intent: a qualified name is at its name for all that is said of it.
// RUN: cd %S && %cohook audit --rules=all nonblocking-cxx.cpp | FileCheck --match-full-lines %s
#include <sys/socket.h>
long get(int fd, char *b)
{
	return ::recv(fd, b, 1, MSG_DONTWAIT) + ::recv(fd, b, 1, 0);
}
// CHECK: nonblocking-cxx.cpp:6:11: get: recv: rewritten (never waits: MSG_DONTWAIT)
// CHECK-NEXT: nonblocking-cxx.cpp:6:44: get: recv: rewritten
// CHECK-NEXT: nonblocking-cxx.cpp:6:44: get: recv: no-deadline: {{.*}}
