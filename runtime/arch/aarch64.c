/* aarch64.c - contexts for the procedure call standard of 64-bit Arm.
 *
 * A context that is not running has 176 bytes on its stack, from its sp upwards: x19-x28,
 * x29 x30, d8-d15, fpcr. x30 is the address to go on at. */
#include "context.h"

#include <stdint.h>
#include <string.h>

enum {
	FRAME_WORDS = 22,
	FRAME_X19 = 0,
	FRAME_X20 = 1,
	FRAME_X29 = 10,
	FRAME_X30 = 11,
	FRAME_FPCR = 20,
};

__asm__(".text\n"
	".globl co__context_switch\n"
	".hidden co__context_switch\n"
	".type co__context_switch, %function\n"
	".p2align 4\n"
	"co__context_switch:\n"
	"	.cfi_startproc\n"
	"	sub sp, sp, #176\n"
	"	.cfi_adjust_cfa_offset 176\n"
	"	stp x19, x20, [sp, #0]\n"
	"	stp x21, x22, [sp, #16]\n"
	"	stp x23, x24, [sp, #32]\n"
	"	stp x25, x26, [sp, #48]\n"
	"	stp x27, x28, [sp, #64]\n"
	"	stp x29, x30, [sp, #80]\n"
	"	.cfi_rel_offset x29, 80\n"
	"	.cfi_rel_offset x30, 88\n"
	"	stp d8, d9, [sp, #96]\n"
	"	stp d10, d11, [sp, #112]\n"
	"	stp d12, d13, [sp, #128]\n"
	"	stp d14, d15, [sp, #144]\n"
	"	mrs x9, fpcr\n"
	"	str x9, [sp, #160]\n"
	"	mov x10, sp\n"
	"	str x10, [x0]\n"
	"	ldr x10, [x1]\n"
	"	mov sp, x10\n"
	"	ldr x11, [sp, #160]\n"
	"	cmp x9, x11\n"
	"	b.eq 1f\n"
	"	msr fpcr, x11\n"
	"1:	ldp d14, d15, [sp, #144]\n"
	"	ldp d12, d13, [sp, #128]\n"
	"	ldp d10, d11, [sp, #112]\n"
	"	ldp d8, d9, [sp, #96]\n"
	"	ldp x29, x30, [sp, #80]\n"
	"	ldp x27, x28, [sp, #64]\n"
	"	ldp x25, x26, [sp, #48]\n"
	"	ldp x23, x24, [sp, #32]\n"
	"	ldp x21, x22, [sp, #16]\n"
	"	ldp x19, x20, [sp, #0]\n"
	"	add sp, sp, #176\n"
	"	.cfi_adjust_cfa_offset -176\n"
	"	.cfi_restore x29\n"
	"	.cfi_restore x30\n"
	"	ret\n"
	"	.cfi_endproc\n"
	".size co__context_switch, .-co__context_switch\n"
	/* The first code of a new context: x19 is the entry, x20 its argument. Unwinders
	 * stop here. */
	".type context_begin, %function\n"
	".p2align 4\n"
	"context_begin:\n"
	"	.cfi_startproc\n"
	"	.cfi_undefined x30\n"
	"	mov x0, x20\n"
	"	blr x19\n"
	"	brk #1\n"
	"	.cfi_endproc\n"
	".size context_begin, .-context_begin\n"
	".section .note.GNU-stack,\"\",%progbits\n"
	".text\n");

void context_begin(void) __attribute__((visibility("hidden")));

void co__context_make(
	struct context *context, void *top, void (*entry)(void *arg), void *arg)
{
	uint64_t *sp = (uint64_t *)((uintptr_t)top & ~(uintptr_t)15) - FRAME_WORDS;
	uint64_t fpcr;

	__asm__("mrs %0, fpcr" : "=r"(fpcr));
	memset(sp, 0, FRAME_WORDS * sizeof(*sp));
	sp[FRAME_X19] = (uint64_t)entry;
	sp[FRAME_X20] = (uint64_t)arg;
	sp[FRAME_X29] = 0;
	sp[FRAME_X30] = (uint64_t)context_begin;
	sp[FRAME_FPCR] = fpcr;
	context->sp = sp;
}
