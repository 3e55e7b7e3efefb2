/* nudge.h - the kernel's own form of sigaction(2), for the signal that libc keeps to
 * itself.
 *
 * libc's sigaction() refuses that signal, so the call is made directly. Where the form is
 * not known there is none: ARCH_CAN_NUDGE is 0. */
#ifndef COHOOK_ARCH_NUDGE_H
#define COHOOK_ARCH_NUDGE_H

#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

struct kernel_action {
	void (*handler)(int signo, siginfo_t *info, void *context);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

#if defined(__x86_64__) && defined(__LP64__)
#define ARCH_CAN_NUDGE 1
/* The kernel returns from handlers through here. */
void co__arch_sigreturn(void) __attribute__((visibility("hidden")));
__asm__(".text\n"
	".globl co__arch_sigreturn\n"
	".hidden co__arch_sigreturn\n"
	".type co__arch_sigreturn, @function\n"
	"	nop\n" /* unwinders look at the byte before a return address */
	"co__arch_sigreturn:\n"
	"	movq $15, %rax\n"
	"	syscall\n"
	".size co__arch_sigreturn, .-co__arch_sigreturn\n");
#define KERNEL_RESTORER 0x04000000UL
#elif defined(__aarch64__)
#define ARCH_CAN_NUDGE 1
#define co__arch_sigreturn 0
#define KERNEL_RESTORER 0UL
#else
#define ARCH_CAN_NUDGE 0
#define co__arch_sigreturn 0
#define KERNEL_RESTORER 0UL
#endif

static inline int kernel_sigaction(
	int signo, const struct kernel_action *action, struct kernel_action *before)
{
	return (int)syscall(
		SYS_rt_sigaction, signo, action, before, sizeof(action->mask));
}

#endif
