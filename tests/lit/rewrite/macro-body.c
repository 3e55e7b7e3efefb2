// Intent: a name in a macro's body is edited once, and every function that expands the macro sees the declaration, the first one first.
// RUN: %rewritten %s %t && %check %s < %t.changes
// RUN: %cohook audit %s | FileCheck %s --check-prefix=AUDIT
#include <unistd.h>
#define AGAIN(call) \
	do { \
		call; \
	} while (0)
#define SHUT(fd) \
	AGAIN(close(fd))
#define shut_alias close

static int first(int fd)
{
	SHUT(fd);
	return 0;
}

int second(int fd)
{
	SHUT(fd);
	SHUT(fd + 1);
	return first(fd) + shut_alias(fd);
}
//      CHECK:10:	AGAIN(co_close(fd))
// CHECK-NEXT:11:#define shut_alias co_close
// CHECK-NEXT:12:extern __typeof__(close) co_close;
//  CHECK-NOT:{{.}}
//      AUDIT:macro-body.c:10:8: first: close: rewritten [macro used at {{.*}}macro-body.c:15:2]
// AUDIT-NEXT:macro-body.c:10:8: second: close: rewritten [macro used at {{.*}}macro-body.c:21:2]
// AUDIT-NEXT:macro-body.c:10:8: second: close: rewritten [macro used at {{.*}}macro-body.c:22:2]
// AUDIT-NEXT:macro-body.c:11:20: second: close: rewritten [macro used at {{.*}}macro-body.c:23:
