/* x86_64.c - contexts for the System V ABI of x86-64.
 *
 * A context that is not running has on its stack, from its sp upwards: mxcsr and the x87
 * control word in eight bytes, then r15 r14 r13 r12 rbx rbp, then the address to go on
 * at. */
#include "context.h"

#include <stdint.h>

__asm__(".text\n"
	".globl co__context_switch\n"
	".hidden co__context_switch\n"
	".type co__context_switch, @function\n"
	".p2align 4\n"
	"co__context_switch:\n"
	"	.cfi_startproc\n"
	"	pushq %rbp\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	.cfi_rel_offset rbp, 0\n"
	"	pushq %rbx\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	.cfi_rel_offset rbx, 0\n"
	"	pushq %r12\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	.cfi_rel_offset r12, 0\n"
	"	pushq %r13\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	.cfi_rel_offset r13, 0\n"
	"	pushq %r14\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	.cfi_rel_offset r14, 0\n"
	"	pushq %r15\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	.cfi_rel_offset r15, 0\n"
	"	subq $8, %rsp\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	stmxcsr (%rsp)\n"
	"	fnstcw 4(%rsp)\n"
	"	movq %rsp, (%rdi)\n"
	"	movq (%rsi), %rsp\n"
	"	ldmxcsr (%rsp)\n"
	"	fldcw 4(%rsp)\n"
	"	addq $8, %rsp\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	popq %r15\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	.cfi_restore r15\n"
	"	popq %r14\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	.cfi_restore r14\n"
	"	popq %r13\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	.cfi_restore r13\n"
	"	popq %r12\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	.cfi_restore r12\n"
	"	popq %rbx\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	.cfi_restore rbx\n"
	"	popq %rbp\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	.cfi_restore rbp\n"
	"	popq %rcx\n"
	"	.cfi_adjust_cfa_offset -8\n"
	"	.cfi_register rip, rcx\n"
	"	jmp *%rcx\n"
	"	.cfi_endproc\n"
	".size co__context_switch, .-co__context_switch\n"
	/* The first code of a new context: r12 is the entry, r13 its argument. Unwinders
	 * stop here. */
	".type context_begin, @function\n"
	".p2align 4\n"
	"context_begin:\n"
	"	.cfi_startproc\n"
	"	.cfi_undefined rip\n"
	"	movq %r13, %rdi\n"
	"	callq *%r12\n"
	"	ud2\n"
	"	.cfi_endproc\n"
	".size context_begin, .-context_begin\n"
	".section .note.GNU-stack,\"\",@progbits\n"
	".text\n");

void context_begin(void) __attribute__((visibility("hidden")));

void co__context_make(
	struct context *context, void *top, void (*entry)(void *arg), void *arg)
{
	uint64_t *sp = (uint64_t *)((uintptr_t)top & ~(uintptr_t)15);
	uint32_t mxcsr;
	uint16_t fpucw;

	__asm__("stmxcsr %0" : "=m"(mxcsr));
	__asm__("fnstcw %0" : "=m"(fpucw));
	*--sp = 0; /* context_begin calls with the stack aligned to 16 */
	*--sp = 0;
	*--sp = (uint64_t)context_begin;
	*--sp = 0;               /* rbp */
	*--sp = 0;               /* rbx */
	*--sp = (uint64_t)entry; /* r12 */
	*--sp = (uint64_t)arg;   /* r13 */
	*--sp = 0;               /* r14 */
	*--sp = 0;               /* r15 */
	*--sp = (uint64_t)mxcsr | (uint64_t)fpucw << 32;
	context->sp = sp;
}
