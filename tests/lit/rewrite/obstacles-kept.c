// Intent: what can neither be edited nor be had in another way is kept, with the reason, and compiles.
// RUN: %rewritten %s %t -D_FILE_OFFSET_BITS=64 && %check %s < %t.changes
// RUN: %cohook audit %s -- -D_FILE_OFFSET_BITS=64 | FileCheck %s --check-prefix=AUDIT
// REQUIRES: x86_64
#include <fcntl.h>
#include <unistd.h>
#define ROW(f) {#f, f}
#define SHUT(how) clo##how

struct row {
	const char *name;
	int (*call)(int, int, ...);
};
const struct row rows[] = {ROW(fcntl)};

int all(int fd)
{
	int (*address)(int) = &SHUT(se);

#pragma cohook off
	fd += close(fd);
#pragma cohook on
	return address(fd);
}
//      CHECK:20:{{ *}}
// CHECK-NEXT:22:{{ *}}
//  CHECK-NOT:{{.}}
// AUDIT: (file scope): fcntl: kept (a macro makes a string or another name of it as well) [macro used at
// AUDIT: all: close: kept (the name is made by ## or comes from the command line)
// AUDIT: all: close: kept (#pragma cohook off)
