// Intent: a thread-local variable on both sides of a wait is found; one that is used on one side only, one without a wait between and an ordinary variable are let alone.
// RUN: cd %S && %cohook audit --rules=none,thread-local thread-local.c > %t && FileCheck --match-full-lines --strict-whitespace %s < %t
#include <unistd.h>

static __thread int count, once;
static _Thread_local char buffer[16];
static int plain;

static void wait_a_little(void)
{
	usleep(1);
}

int direct(int fd)
{
	read(fd, buffer, sizeof buffer);
	return buffer[0];
}

int by_way(void)
{
	count++;
	wait_a_little();
	return count;
}

int fine(int fd)
{
	char c;

	plain++;
	once = fd;
	count++;
	count++;
	read(fd, &c, 1);
	return plain;
}
//      CHECK:thread-local.c:16:2: direct: read: thread-local: other fibers may change the thread-local buffer while read waits
// CHECK-NEXT:thread-local.c:16:11: note: buffer is used before
// CHECK-NEXT:thread-local.c:17:9: note: buffer is used after
// CHECK-NEXT:thread-local.c:23:2: by_way: wait_a_little: thread-local: other fibers may change the thread-local count while wait_a_little waits
// CHECK-NEXT:thread-local.c:22:2: note: count is used before
// CHECK-NEXT:thread-local.c:24:9: note: count is used after
// CHECK-NEXT:thread-local.c:11:2: note: wait_a_little calls usleep
// CHECK-NEXT:0 sites: 0 rewritten, 0 kept, 0 without a mirror
// CHECK-NEXT:also: 2 thread-local
//  CHECK-NOT:{{.}}
