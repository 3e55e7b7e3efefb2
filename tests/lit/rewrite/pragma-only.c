// Intent: a file that has the pragma and nothing else for us is still delivered without it; an unknown word after it is the compiler's to report.
// RUN: %rewritten %s %t && %check %s < %t.changes
// RUN: for wrapper in "%cohook-gcc" "%cohook-clang"; do $wrapper -Wall -Werror -c %s -o %t.o && not $wrapper -DODD -Wall -Werror -c %s -o %t.o 2>&1 | FileCheck %s --check-prefix=ODD || exit 1; done
#pragma cohook off
int nothing(void)
{
	return 0;
}
#ifdef ODD
#pragma cohook of
#endif
//  CHECK:4:{{ *}}
//  CHECK-NOT:{{.}}
// ODD: unknown{{.*}}pragma
