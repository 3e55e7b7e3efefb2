// Intent: static inline functions and macros in the user's headers are edited in this unit; each mirror is declared once, where it is first needed.
// RUN: %cohook-cc --cohook-emit -I%S/Inputs/headers %s > %t.c
// RUN: diff --unchanged-line-format= --old-line-format= --new-line-format='%%dn:%%L' %s %t.c > %t.changes || true
// RUN: %check %s < %t.changes
// RUN: for wrapper in "%cohook-gcc" "%cohook-clang"; do $wrapper -Wall -Wextra -Werror -Wredundant-decls -I%S/Inputs/headers -c %s -o %t.o && nm %t.o | FileCheck %s --check-prefix=SYMBOLS || exit 1; done
// RUN: %cohook audit %s -- -I%S/Inputs/headers | FileCheck %s --check-prefix=AUDIT
#include "channel.h"

int drain(struct channel *c, char *b)
{
	while (CHANNEL_READ(c, b) > 0)
		;
	return channel_close(c) + close(1);
}
//      CHECK:8:extern __typeof__(read) co_read;
// CHECK-NEXT:13:	return channel_close(c) + co_close(1);
//  CHECK-NOT:{{.}}
// SYMBOLS-NOT: U {{close|read}}
// SYMBOLS: U co_close
// SYMBOLS: U co_read
// AUDIT: Inputs/headers/channel.h:7:9: channel_close: close: rewritten{{$}}
// AUDIT: Inputs/headers/channel.h:9:28: drain: read: rewritten [macro used at {{.*}}header.c:11:9]
// AUDIT: header.c:13:28: drain: close: rewritten{{$}}
