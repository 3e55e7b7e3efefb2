// Intent: calls that go past libc's names are found: syscall(2) with the number of a blocking call, asm statements, dlsym(3); other numbers, other instructions and other names are let alone.
// REQUIRES: x86_64
// RUN: cd %S && %cohook audit --rules=none,direct,dlsym direct.c > %t && FileCheck --match-full-lines --strict-whitespace %s < %t
#include <dlfcn.h>
#include <sys/syscall.h>
#include <unistd.h>

long past(int fd, char *b)
{
	return syscall(SYS_read, fd, b, 1);
}

void instruction(void)
{
	__asm__ volatile("syscall" ::: "rcx", "r11", "memory");
}

void *name(void)
{
	return dlsym(RTLD_NEXT, "recv");
}

void *fine(void)
{
	__asm__ volatile("" ::: "memory");
	__asm__ volatile("# syscalls");
	syscall(SYS_gettid);
	return dlsym(RTLD_NEXT, "getpid");
}
//      CHECK:direct.c:10:9: past: syscall: direct: syscall(SYS_read) waits for data in the kernel, past the mirror of read
// CHECK-NEXT:direct.c:15:2: instruction: asm: direct: an asm statement calls the kernel; what it may wait for cannot be seen
// CHECK-NEXT:direct.c:20:9: name: dlsym: dlsym: dlsym("recv") finds libc's function, which waits for data, not its mirror
// CHECK-NEXT:0 sites: 0 rewritten, 0 kept, 0 without a mirror
// CHECK-NEXT:also: 2 direct, 1 dlsym
//  CHECK-NOT:{{.}}
