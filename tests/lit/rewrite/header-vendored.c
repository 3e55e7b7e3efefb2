// Intent: a header that only claims to be the system's (-isystem, #pragma GCC system_header) is the user's; one in the system's folders is not.
// RUN: for wrapper in "%cohook-gcc" "%cohook-clang"; do $wrapper -Wall -Wextra -Werror -isystem %S/Inputs/third-party -c %s -o %t.o && nm %t.o | FileCheck %s || exit 1; done
// RUN: mkdir -p %t.root/usr/include && cp %S/Inputs/third-party/vendor.h %t.root/usr/include
// RUN: %cohook audit %s -- -I%t.root/usr/include --sysroot=%t.root -I/usr/include -I/usr/include/x86_64-linux-gnu | FileCheck %s --check-prefix=AUDIT
// REQUIRES: x86_64
#include <vendor.h>

int end(int fd)
{
	return vendor_close(fd);
}
// CHECK-NOT: U close
// CHECK: U co_close
// AUDIT: vendor_close: close: kept (in a header of the system)
