// Intent: a macro that is used under off as well as elsewhere has one text; off wins, and the audit says so.
// RUN: %rewritten %s %t && %check %s < %t.changes
// RUN: %cohook audit %s | FileCheck %s --check-prefix=AUDIT
#include <unistd.h>
#define SHUT(fd) close(fd)

int plain(int fd)
{
#pragma cohook off
	return SHUT(fd);
#pragma cohook on
}

int ours(int fd)
{
	return SHUT(fd) + dup(fd);
}
//      CHECK:9:{{ *}}
// CHECK-NEXT:11:{{ *}}
// CHECK-NEXT:13:extern __typeof__(dup) co_dup;
// CHECK-NEXT:16:	return SHUT(fd) + co_dup(fd);
//  CHECK-NOT:{{.}}
// AUDIT: plain: close: kept (#pragma cohook off) [macro used at {{.*}}:10:9]
// AUDIT: ours: close: kept (the same text is used where it is kept (#pragma cohook off)) [macro used at {{.*}}:16:9]
