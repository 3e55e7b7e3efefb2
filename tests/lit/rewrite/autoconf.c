// Intent: autoconf's probes declare functions with wrong types; they stay as they are and compile and link as ever.
// RUN: %rewritten %s %t -Wno-builtin-declaration-mismatch -Wno-strict-prototypes -Wno-deprecated-non-prototype -Wno-unknown-warning-option && %check %s --allow-empty < %t.changes
// RUN: %cohook-cc -w %s -o %t.exe && %t.exe
// RUN: %cohook audit %s | FileCheck %s --check-prefix=AUDIT
#ifdef __cplusplus
extern "C"
#endif
	char
	connect();

int main(int argc, char **argv)
{
	(void)argv;
	return argc > 100 ? connect() : 0;
}
// CHECK-NOT:{{.}}
// AUDIT: main: connect: kept (declared by the program, not by a header of libc)
