// Intent: names inside _Generic, __builtin_choose_expr, statement expressions, compound literals and casts are found.
// RUN: %rewritten %s %t && %check %s < %t.changes
#include <unistd.h>

int pick(int fd)
{
	int a = _Generic(fd, int: close, default: dup)(fd);
	int b = __builtin_choose_expr(1, close, dup)(fd);
	int c = ({ int d = dup(fd); close(d); });

	return a + b + c + ((int (*[])(int)){close, dup})[1](fd) + ((int (*)(int))close)(fd);
}
//      CHECK:4:extern __typeof__(close) co_close; extern __typeof__(dup) co_dup;
// CHECK-NEXT:7:	int a = _Generic(fd, int: co_close, default: co_dup)(fd);
// CHECK-NEXT:8:	int b = __builtin_choose_expr(1, co_close, co_dup)(fd);
// CHECK-NEXT:9:	int c = ({ int d = co_dup(fd); co_close(d); });
// CHECK-NEXT:11:	return a + b + c + ((int (*[])(int)){co_close, co_dup})[1](fd) + ((int (*)(int))co_close)(fd);
//  CHECK-NOT:{{.}}
