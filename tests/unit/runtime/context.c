/* context.c - leaving a stack and coming back to it: what a call has to preserve is
 * preserved.
 *
 * Plain C with an exit status and nothing but runtime/arch/ beneath it, so that it can be
 * built for another CPU and run in an emulator, and against the generic implementation.
 */
#include "arch/context.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STACK = 256 * 1024, ROUNDS = 20000 };

#define must(condition) ((condition) ? (void)0 : failed(#condition, __LINE__))

_Noreturn static void failed(const char *what, int line)
{
	fprintf(stderr, "context.c:%d: not so: %s\n", line, what);
	exit(1);
}

/* --- registers --------------------------------------------------------------------- */

/* What a function has to leave as it was, by number; and the same as found after the
 * switch. */
enum { INTEGERS = 11, FLOATS = 8 };

struct registers {
	uint64_t integers[INTEGERS], floats[FLOATS];
	uint64_t integers_after[INTEGERS], floats_after[FLOATS];
};

/* Load the callee-saved registers from REGISTERS, switch, and store what they are
 * afterwards. */
void switch_with(
	struct context *from, const struct context *to, struct registers *registers);

#if defined(__x86_64__)

enum { INTEGERS_SAVED = 6, FLOATS_SAVED = 0 };

__asm__(".text\n"
	".globl switch_with\n"
	".type switch_with, @function\n"
	"switch_with:\n"
	"	pushq %rbx\n	pushq %rbp\n	pushq %r12\n"
	"	pushq %r13\n	pushq %r14\n	pushq %r15\n	pushq %rdx\n"
	"	movq 0(%rdx), %rbx\n	movq 8(%rdx), %rbp\n	movq 16(%rdx), %r12\n"
	"	movq 24(%rdx), %r13\n	movq 32(%rdx), %r14\n	movq 40(%rdx), %r15\n"
	"	call co__context_switch\n"
	"	popq %rdx\n"
	"	movq %rbx, 152(%rdx)\n	movq %rbp, 160(%rdx)\n	movq %r12, 168(%rdx)\n"
	"	movq %r13, 176(%rdx)\n	movq %r14, 184(%rdx)\n	movq %r15, 192(%rdx)\n"
	"	popq %r15\n	popq %r14\n	popq %r13\n"
	"	popq %r12\n	popq %rbp\n	popq %rbx\n	ret\n"
	".size switch_with, .-switch_with\n"
	".section .note.GNU-stack,\"\",@progbits\n.text\n");

static uint64_t control(void)
{
	uint32_t mxcsr;
	uint16_t x87;

	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	__asm__ volatile("fnstcw %0" : "=m"(x87));
	return (uint64_t)(mxcsr & ~UINT32_C(63)) | (uint64_t)x87 << 32;
}

/* Rounding modes 0 to 3, in both units. */
static void set_rounding(unsigned mode)
{
	uint32_t mxcsr = (uint32_t)(control() & ~UINT64_C(0x6000)) | mode << 13;
	uint16_t x87 = (uint16_t)(((control() >> 32) & ~UINT64_C(0xc00)) | mode << 10);

	__asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
	__asm__ volatile("fldcw %0" : : "m"(x87));
}

#elif defined(__aarch64__)

enum { INTEGERS_SAVED = 11, FLOATS_SAVED = 8 };

__asm__(".text\n"
	".globl switch_with\n"
	".type switch_with, %function\n"
	"switch_with:\n"
	"	sub sp, sp, #176\n"
	"	stp x19, x20, [sp, #0]\n	stp x21, x22, [sp, #16]\n"
	"	stp x23, x24, [sp, #32]\n	stp x25, x26, [sp, #48]\n"
	"	stp x27, x28, [sp, #64]\n	stp x29, x30, [sp, #80]\n"
	"	stp d8, d9, [sp, #96]\n	stp d10, d11, [sp, #112]\n"
	"	stp d12, d13, [sp, #128]\n	stp d14, d15, [sp, #144]\n"
	"	str x2, [sp, #160]\n"
	"	ldp x19, x20, [x2, #0]\n	ldp x21, x22, [x2, #16]\n"
	"	ldp x23, x24, [x2, #32]\n	ldp x25, x26, [x2, #48]\n"
	"	ldp x27, x28, [x2, #64]\n	ldr x29, [x2, #80]\n"
	"	ldp d8, d9, [x2, #88]\n	ldp d10, d11, [x2, #104]\n"
	"	ldp d12, d13, [x2, #120]\n	ldp d14, d15, [x2, #136]\n"
	"	bl co__context_switch\n"
	"	ldr x2, [sp, #160]\n"
	"	add x2, x2, #152\n"
	"	stp x19, x20, [x2, #0]\n	stp x21, x22, [x2, #16]\n"
	"	stp x23, x24, [x2, #32]\n	stp x25, x26, [x2, #48]\n"
	"	stp x27, x28, [x2, #64]\n	str x29, [x2, #80]\n"
	"	stp d8, d9, [x2, #88]\n	stp d10, d11, [x2, #104]\n"
	"	stp d12, d13, [x2, #120]\n	stp d14, d15, [x2, #136]\n"
	"	ldp x19, x20, [sp, #0]\n	ldp x21, x22, [sp, #16]\n"
	"	ldp x23, x24, [sp, #32]\n	ldp x25, x26, [sp, #48]\n"
	"	ldp x27, x28, [sp, #64]\n	ldp x29, x30, [sp, #80]\n"
	"	ldp d8, d9, [sp, #96]\n	ldp d10, d11, [sp, #112]\n"
	"	ldp d12, d13, [sp, #128]\n	ldp d14, d15, [sp, #144]\n"
	"	add sp, sp, #176\n"
	"	ret\n"
	".size switch_with, .-switch_with\n"
	".section .note.GNU-stack,\"\",%progbits\n.text\n");

static uint64_t control(void)
{
	uint64_t fpcr;

	__asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
	return fpcr;
}

static void set_rounding(unsigned mode)
{
	uint64_t fpcr = (control() & ~UINT64_C(0xc00000)) | (uint64_t)mode << 22;

	__asm__ volatile("msr fpcr, %0" : : "r"(fpcr));
}

#else /* nothing is known of the registers here; the rest still holds */

enum { INTEGERS_SAVED = 0, FLOATS_SAVED = 0 };

void switch_with(
	struct context *from, const struct context *to, struct registers *registers)
{
	(void)registers;
	co__context_switch(from, to);
}

static uint64_t control(void)
{
	return 0;
}

static void set_rounding(unsigned mode)
{
	(void)mode;
}

#endif

/* --- the contexts ------------------------------------------------------------------ */

static struct context here; /* main's */

struct side {
	struct context context;
	char *stack;
	void *top;
	uint64_t seed;
	unsigned long rounds;
	unsigned rounding;
};

static void side_make(struct side *side, void (*entry)(void *))
{
	side->stack = malloc(STACK + 64);
	must(side->stack);
	memset(side->stack + STACK, 0x5a, 64);
	side->top = side->stack + STACK;
	co__context_make(&side->context, side->top, entry, side);
}

static void side_free(struct side *side)
{
	for (int i = 0; i < 64; i++) /* nothing above the top was touched */
		must(side->stack[STACK + i] == 0x5a);
	free(side->stack);
}

static void leave(struct side *side)
{
	co__context_switch(&side->context, &here);
}

static void registers_fill(struct registers *r, uint64_t seed)
{
	for (unsigned i = 0; i < INTEGERS; i++)
		r->integers[i] = (seed + i) * UINT64_C(0x9e3779b97f4a7c15);
	for (unsigned i = 0; i < FLOATS; i++)
		r->floats[i] = (seed - i) * UINT64_C(0xd1b54a32d192ed03);
}

static void registers_kept(const struct registers *r)
{
	must(memcmp(r->integers, r->integers_after, INTEGERS_SAVED * sizeof(uint64_t)) ==
		0);
	must(memcmp(r->floats, r->floats_after, FLOATS_SAVED * sizeof(uint64_t)) == 0);
}

/* --- the tests --------------------------------------------------------------------- */

static void other_registers(void *arg)
{
	struct side *side = arg;
	struct registers r;

	for (;;) {
		memset(&r, 0, sizeof(r));
		registers_fill(&r, ++side->seed);
		switch_with(&side->context, &here, &r);
		registers_kept(&r);
	}
}

static void registers_survive(void)
{
	struct side side = {.seed = 1000};
	struct registers r;

	side_make(&side, other_registers);
	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		memset(&r, 0, sizeof(r));
		registers_fill(&r, ~seed);
		switch_with(&here, &side.context, &r);
		registers_kept(&r);
	}
	must(side.seed == 1000 + ROUNDS);
	side_free(&side);
}

static void other_rounding(void *arg)
{
	struct side *side = arg;
	uint64_t mine;

	side->seed = control(); /* as it was for whoever made the context */
	for (;;) {
		side->rounding = (side->rounding + 1) % 4;
		set_rounding(side->rounding);
		mine = control();
		leave(side);
		must(control() == mine);
	}
}

static void rounding_modes_survive(void)
{
	struct side side = {.rounding = 0};
	uint64_t standard = control(), made, mine;

	set_rounding(2);
	made = control();
	side_make(&side, other_rounding);
	for (unsigned mode = 0; mode < 40; mode++) {
		set_rounding(mode % 4);
		mine = control();
		co__context_switch(&here, &side.context);
		must(control() == mine);
	}
	set_rounding(0);
	must(control() == standard);
	must(side.seed == made);
	side_free(&side);
}

static void look_at_entry(void *arg)
{
	struct side *side = arg;
	uintptr_t frame = (uintptr_t)__builtin_frame_address(0);
	_Alignas(16) volatile char aligned[16] = {0};

	must((uintptr_t)aligned % 16 == 0);
	must(frame % 16 == 0);
	must(frame < (uintptr_t)side->top && frame > (uintptr_t)side->top - 8192);
	side->rounds = 1;
	for (;;)
		leave(side);
}

/* Whatever the top is, the stack is aligned as calls want it and the argument comes
 * through. */
static void entry_is_like_a_call(void)
{
	for (int off = 0; off < 32; off++) {
		struct side side = {.rounds = 0};

		side_make(&side, look_at_entry);
		side.top = (char *)side.top - off;
		co__context_make(&side.context, side.top, look_at_entry, &side);
		co__context_switch(&here, &side.context);
		must(side.rounds == 1);
		side_free(&side);
	}
}

static void count(void *arg)
{
	struct side *side = arg;

	for (unsigned long mine = 0;; mine++) {
		must(side->rounds == mine);
		side->rounds++;
		leave(side);
	}
}

static void many_contexts_take_turns(void)
{
	static struct side sides[16];

	for (int i = 0; i < 16; i++)
		side_make(&sides[i], count);
	for (unsigned long round = 0; round < ROUNDS; round++)
		for (int i = 0; i < 16; i++)
			co__context_switch(&here, &sides[i].context);
	for (int i = 0; i < 16; i++) {
		must(sides[i].rounds == ROUNDS);
		side_free(&sides[i]);
	}
}

/* Straight from one to the other, without main in between. */
static struct side ring[3];

static void pass_on(void *arg)
{
	struct side *side = arg;
	struct side *next = &ring[(side - ring + 1) % 3];

	for (;;) {
		side->rounds++;
		co__context_switch(
			&side->context, side->rounds == ROUNDS ? &here : &next->context);
	}
}

static void a_ring_of_contexts(void)
{
	for (int i = 0; i < 3; i++)
		side_make(&ring[i], pass_on);
	co__context_switch(&here, &ring[0].context);
	must(ring[0].rounds == ROUNDS && ring[1].rounds == ROUNDS - 1);
	must(ring[2].rounds == ROUNDS - 1);
	for (int i = 0; i < 3; i++)
		side_free(&ring[i]);
}

static uint64_t descend(struct side *side, unsigned depth)
{
	volatile uint64_t mark[16];

	for (unsigned i = 0; i < 16; i++)
		mark[i] = depth * 16 + i;
	if (depth == 0)
		leave(side);
	else
		must(descend(side, depth - 1) == depth - 1);
	for (unsigned i = 0; i < 16; i++)
		must(mark[i] == depth * 16 + i);
	return depth;
}

static void go_deep(void *arg)
{
	struct side *side = arg;

	for (;;) {
		descend(side, 400);
		side->rounds++;
		leave(side);
	}
}

static void deep_recursion_unwinds_again(void)
{
	struct side side = {.rounds = 0};

	side_make(&side, go_deep);
	for (unsigned long round = 0; round < 50; round++) {
		co__context_switch(&here, &side.context); /* at the bottom */
		must(side.rounds == round);
		co__context_switch(&here, &side.context); /* back at the top */
		must(side.rounds == round + 1);
	}
	side_free(&side);
}

int main(void)
{
	registers_survive();
	rounding_modes_survive();
	entry_is_like_a_call();
	many_contexts_take_turns();
	a_ring_of_contexts();
	deep_recursion_unwinds_again();
	puts("ok");
	return 0;
}
