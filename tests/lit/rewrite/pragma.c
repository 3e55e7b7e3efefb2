// Intent: between #pragma cohook off and on nothing is rewritten; the pragmas are blanked out, so that no compiler warns of them.
// RUN: %rewritten %s %t && %check %s < %t.changes
// RUN: %cohook audit %s | FileCheck %s --check-prefix=AUDIT
#include <unistd.h>

#pragma cohook off
int first(int fd)
{
	return close(fd);
}
#pragma cohook on

int second(int fd)
{
#	pragma cohook \
	off /* here */
	close(fd);
#pragma cohook on
	return close(fd);
}

#if 0
#pragma cohook off
#endif

int third(int fd)
{
	return dup(fd);
}
#pragma cohook	off

int fourth(int fd)
{
	return dup(fd);
}
//      CHECK:6:{{[ ]{18}()}}
// CHECK-NEXT:11:{{[ ]{17}()}}
// CHECK-NEXT:12:extern __typeof__(close) co_close;
// CHECK-NEXT:15:{{ 	[ ]{15}()}}
// CHECK-NEXT:16:{{	[ ]{14}()}}
// CHECK-NEXT:18:{{[ ]{17}()}}
// CHECK-NEXT:19:	return co_close(fd);
// CHECK-NEXT:23:{{[ ]{18}()}}
// CHECK-NEXT:25:extern __typeof__(dup) co_dup;
// CHECK-NEXT:28:	return co_dup(fd);
// CHECK-NEXT:30:{{[ ]{14}	[ ]{3}()}}
//  CHECK-NOT:{{.}}
// AUDIT: first: close: kept (#pragma cohook off)
// AUDIT: second: close: kept (#pragma cohook off)
// AUDIT: second: close: rewritten
// AUDIT: third: dup: rewritten
// AUDIT: fourth: dup: kept (#pragma cohook off)
