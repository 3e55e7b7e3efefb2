/* thunk.h - a function that is nothing but a jump to where a slot says, with every
 * argument as it is. */
#ifndef COHOOK_THUNK_H
#define COHOOK_THUNK_H

#if defined(__x86_64__)
#define THUNK_TYPE "@function"
#define THUNK_JUMP(slot) "	jmpq *" #slot "(%rip)\n"
#elif defined(__aarch64__)
#define THUNK_TYPE "%function"
#define THUNK_JUMP(slot) \
	"	adrp x16, " #slot "\n	ldr x16, [x16, #:lo12:" #slot "]\n	br x16\n"
#endif

/* Define NAME; SLOT is a hidden or static pointer in the same file. */
#define THUNK(name, slot) \
	__asm__(".text\n.globl " #name "\n.hidden " #name "\n.type " #name ", " THUNK_TYPE "\n" \
		".p2align 4\n" #name ":\n	.cfi_startproc\n" THUNK_JUMP(slot) \
		"	.cfi_endproc\n.size " #name ", .-" #name "\n")

#endif
