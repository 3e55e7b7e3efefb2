// Intent: a function whose address is taken is renamed wherever it stands: initialisers, assignments, arguments, comparisons.
// RUN: %rewritten %s %t && %check %s < %t.changes
#include <unistd.h>

struct ops {
	ssize_t (*read)(int, void *, size_t);
	int (*close)(int);
};

const struct ops plain = {read, close};
struct ops named = {.close = close, .read = read};
void use(int (*)(int), ...);

int set(struct ops *ops, int other)
{
	int (*list[])(int) = {close, &close, other ? close : 0};

	ops->read = read;
	(*ops).close = (int (*)(int))close;
	use(close, read, list);
	return ops->read == read && ops->close != &close;
}
//      CHECK:9:extern __typeof__(read) co_read; extern __typeof__(close) co_close;
// CHECK-NEXT:10:const struct ops plain = {co_read, co_close};
// CHECK-NEXT:11:struct ops named = {.close = co_close, .read = co_read};
// CHECK-NEXT:16:	int (*list[])(int) = {co_close, &co_close, other ? co_close : 0};
// CHECK-NEXT:18:	ops->read = co_read;
// CHECK-NEXT:19:	(*ops).close = (int (*)(int))co_close;
// CHECK-NEXT:20:	use(co_close, co_read, list);
// CHECK-NEXT:21:	return ops->read == co_read && ops->close != &co_close;
//  CHECK-NOT:{{.}}
