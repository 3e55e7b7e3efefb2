// Intent: under _FORTIFY_SOURCE, as gcc has it, a call of open or its kin without a mode is the mirror's checking form where the flags are not known, is refused where they ask for one, and ends the program when it runs.
// RUN: build() { %cohook-gcc -O2 -D_FORTIFY_SOURCE=2 -Wall -Wextra -pedantic -Werror $1 -c %s -o %t.o && nm -u %t.o | sort > %t.ours && %gcc -O2 -D_FORTIFY_SOURCE=2 $1 -c %s -o %t.plain.o && sed 's/ co_/ /' %t.ours | sort | diff - <(nm -u %t.plain.o | sort); }
// RUN: build && FileCheck %s --check-prefix=SYMBOLS < %t.ours && build -D_FILE_OFFSET_BITS=64 && FileCheck %s --check-prefix=LARGE < %t.ours && sh %S/../wrapper/Inputs/alike.sh %t.plain.o %t.o
// RUN: not %cohook-gcc -O2 -D_FORTIFY_SOURCE=2 -DWRONG -c %s -o %t.o > %t.out 2>&1; not %gcc -O2 -D_FORTIFY_SOURCE=2 -DWRONG -c %s -o %t.o 2>&1 | diff - %t.out
// RUN: %cohook-clang -O2 -D_FORTIFY_SOURCE=2 -Wall -Werror -c %s -o %t.o && nm -u %t.o | FileCheck %s --check-prefix=UNCHECKED
// RUN: cp %s %t.cpp && %cohook-gcc -x c++ -O2 -D_FORTIFY_SOURCE=2 -Wall -Werror -c %t.cpp -o %t.o && nm -u %t.o | FileCheck %s --check-prefix=SYMBOLS
// RUN: %cohook-gcc -O2 -D_FORTIFY_SOURCE=2 -DMAIN %s -o %t.prog && %t.prog . 0 && not --crash %t.prog nowhere 64 2>&1 | FileCheck %s --check-prefix=ENDS
// REQUIRES: x86_64
#include <fcntl.h>
#include <stdlib.h>

int known(const char *path)
{
	return open(path, O_RDONLY) + open(path, O_WRONLY | O_CREAT, 0600) + openat(3, path, O_RDONLY);
}

int unknown(const char *path, int flags)
{
	int (*address)(const char *, int, ...) = open;

	return open(path, flags) + open(path, flags, 0600) + openat(3, path, flags) + address(path, flags);
}

#ifdef WRONG
int wrong(const char *path)
{
	return open(path, O_WRONLY | O_CREAT);
}
#endif

#ifdef MAIN
int main(int argc, char **argv)
{
	return argc < 3 || open(argv[1], atoi(argv[2])) < 0;
}
#endif
//   SYMBOLS-NOT: {{ (__)?open}}
//       SYMBOLS: U co___open_2
//  SYMBOLS-NEXT: U co___openat_2
//  SYMBOLS-NEXT: U co_open
//  SYMBOLS-NEXT: U co_openat
//         LARGE: U co___open64_2
//    LARGE-NEXT: U co___openat64_2
//    LARGE-NEXT: U co_open64
//    LARGE-NEXT: U co_openat64
// UNCHECKED-NOT: _2
//     UNCHECKED: U co_open
//          ENDS: invalid open call: O_CREAT or O_TMPFILE without mode
