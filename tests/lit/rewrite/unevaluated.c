// Intent: where only the type matters (typeof, sizeof) the text stays or stays valid, and it is no site.
// RUN: %rewritten %s %t -Wno-pointer-arith && %check %s < %t.changes
// RUN: %cohook audit %s | FileCheck %s --check-prefix=AUDIT
#include <unistd.h>

extern __typeof__(read) my_read;
static __typeof__(close) *real_close;
typedef __typeof__(&write) writer;

int all(writer w)
{
	__typeof__(read) *r = my_read;
	__typeof__(close(0)) status = 0;

	return (int)sizeof(read(0, 0, 0)) + (r == 0) + (w == 0) + (real_close == 0) + status;
}
//      CHECK:7:static __typeof__(close) *real_close; extern __typeof__(write) co_write;
// CHECK-NEXT:8:typedef __typeof__(&co_write) writer;
// CHECK-NEXT:9:extern __typeof__(read) co_read; extern __typeof__(close) co_close;
// CHECK-NEXT:13:	__typeof__(co_close(0)) status = 0;
// CHECK-NEXT:15:	return (int)sizeof(co_read(0, 0, 0)) + (r == 0) + (w == 0) + (real_close == 0) + status;
//  CHECK-NOT:{{.}}
// AUDIT-NOT: kept
// AUDIT: 3 sites: 3 rewritten
