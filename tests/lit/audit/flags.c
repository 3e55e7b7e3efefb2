// Intent: flags behind -- are those of the compilation; what would make a compiler write files, or is none of libclang's, does no harm.
// RUN: rm -rf %t && mkdir %t && cd %t && %cohook audit %s -- -O2 -Wall -g -MD -MF dep -o out -save-temps -DCALL=close -D_FORTIFY_SOURCE=2 -Wl,-z,defs -fno-plt | FileCheck %s && ls | count 0
#include <unistd.h>
#ifdef CALL
int f(int fd)
{
	return CALL(fd) + dup(fd);
}
#endif
// CHECK: f: close: rewritten
// CHECK: f: dup: rewritten
// CHECK: 2 sites: 2 rewritten
