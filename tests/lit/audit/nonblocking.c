// Intent: calls that are shown not to wait say so: by a flag, by a timeout of 0, by how their descriptor was made or set above, also by a function of the unit; another descriptor, a new one of that name and a flag in another function are no evidence.
// RUN: cd %S && %cohook audit nonblocking.c | grep -E ': (recv|read|poll|waitpid|accept):' > %t; FileCheck --match-full-lines --strict-whitespace %s < %t
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void quick(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

void flags(int fd, char *b, struct pollfd *p)
{
	recv(fd, b, 1, MSG_DONTWAIT | MSG_PEEK);
	poll(p, 1, 0);
	waitpid(-1, NULL, WNOHANG);
}

void descriptors(char *b, int other)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	recv(fd, b, 1, 0);
	recv(other, b, 1, 0);
	quick(other);
	read(other, b, 1);
	fd = open("x", O_RDONLY);
	read(fd, b, 1);
	fd = open("x", O_RDONLY | O_NONBLOCK);
	read(fd, b, 1);
}

void elsewhere(int fd, int other, char *b)
{
	read(fd, b, 1);
	fcntl(other, F_SETFL, O_NONBLOCK);
	read(fd, b, 1);
	accept(other, NULL, NULL);
	recv(fd, b, 1, MSG_PEEK);
}
//      CHECK:nonblocking.c:16:2: flags: recv: rewritten (never waits: MSG_DONTWAIT)
// CHECK-NEXT:nonblocking.c:17:2: flags: poll: rewritten (never waits: a timeout of 0)
// CHECK-NEXT:nonblocking.c:18:2: flags: waitpid: rewritten (never waits: WNOHANG)
// CHECK-NEXT:nonblocking.c:24:2: descriptors: recv: rewritten (never waits: SOCK_NONBLOCK by line 23)
// CHECK-NEXT:nonblocking.c:25:2: descriptors: recv: rewritten
// CHECK-NEXT:nonblocking.c:27:2: descriptors: read: rewritten (never waits: O_NONBLOCK by line 26)
// CHECK-NEXT:nonblocking.c:29:2: descriptors: read: rewritten
// CHECK-NEXT:nonblocking.c:31:2: descriptors: read: rewritten (never waits: O_NONBLOCK by line 30)
// CHECK-NEXT:nonblocking.c:36:2: elsewhere: read: rewritten
// CHECK-NEXT:nonblocking.c:38:2: elsewhere: read: rewritten
// CHECK-NEXT:nonblocking.c:39:2: elsewhere: accept: rewritten (never waits: O_NONBLOCK by line 37)
// CHECK-NEXT:nonblocking.c:40:2: elsewhere: recv: rewritten
//  CHECK-NOT:{{.}}
