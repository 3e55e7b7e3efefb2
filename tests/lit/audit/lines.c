// Intent: the audit prints one line per site, sorted by place, with function, callee, verdict and reason, then totals.
// RUN: cd %S && %cohook audit lines.c > %t.out && FileCheck --match-full-lines --strict-whitespace %s < %t.out
#include <grp.h>
#include <stdio.h>
#include <sys/select.h>
#include <unistd.h>

#define SHUT(fd) close(fd)

int (*const closer)(int) = close;

int serve(int fd, FILE *file)
{
	char line[80];
	fd_set set;

	FD_ZERO(&set);
	select(fd + 1, &set, NULL, NULL, NULL);
	if (read(fd, line, sizeof line) < 0 || !fgets(line, sizeof line, file))
		return SHUT(fd);
	return initgroups(line, 0) + line[0];
}
//      CHECK:lines.c:8:18: serve: close: rewritten [macro used at lines.c:20:10]
// CHECK-NEXT:lines.c:10:28: (file scope): close: rewritten
// CHECK-NEXT:lines.c:18:2: serve: select: rewritten
// CHECK-NEXT:lines.c:19:6: serve: read: rewritten
// CHECK-NEXT:lines.c:19:42: serve: fgets: rewritten
// CHECK-NEXT:lines.c:21:9: serve: initgroups: kept (libc may ask a directory service by itself)
// CHECK-NEXT:6 sites: 5 rewritten, 0 kept, 1 without a mirror
//  CHECK-NOT:{{.}}
