// Intent: members, locals, parameters, labels, tags and enumerators of the same name are left alone; the one real call is not.
// RUN: %rewritten %s %t -Wno-shadow && %check %s < %t.changes
// RUN: %cohook audit %s | FileCheck %s --check-prefix=AUDIT
#include <stddef.h>
#include <unistd.h>

struct read {
	int (*read)(struct read *, int close);
	int close, connect, write : 4;
};
union close {
	int close;
	char read;
};
enum names { send, recv = 4 };
int accept, *const taken = &accept;

static int sum(struct read *r, int read, int (*close)(int))
{
	int write = read, *dup = &write;

	if (*dup)
		goto read;
	write += r->read(r, r->close) + r->connect + (*r).read(r, close(read));
read:
	return write + (int)offsetof(struct read, close) + recv;
}

int call(int fd)
{
	struct read r = {.read = NULL, .close = 1};
	union close u = {.close = 2};

	return sum(&r, u.close + (int)sizeof(enum names), NULL) + send + close(fd);
}
//      CHECK:28:extern __typeof__(close) co_close;
// CHECK-NEXT:34:	return sum(&r, u.close + (int)sizeof(enum names), NULL) + send + co_close(fd);
//  CHECK-NOT:{{.}}
// AUDIT: 1 site: 1 rewritten
