/* tls.c - owns the fibers' copies of blocks of thread-local variables.
 *
 * A block is what one module (the program, a shared library) has for an OS thread. A
 * fiber gets a copy when it first names one of its variables, as it looks when a thread
 * begins; since fibers never change thread, the distance between the two is the same for
 * the fiber's life, and so are addresses in the copy. The root fiber and plain threads
 * use the OS thread's own. Called by rewritten units, and by sched. */
#define _GNU_SOURCE
#include "tls.h"

#include "bug.h"
#include "critical.h"
#include "fiber.h"

#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

__thread intptr_t co__tls_shift;
extern __thread intptr_t co__tls_shift_outer __attribute__((alias("co__tls_shift")));

struct tls_block {
	struct tls_block *next;
	uintptr_t begin; /* of the OS thread's */
	size_t size;
	uintptr_t shift; /* to the copy, which lies behind this */
	size_t mapped;   /* bytes, if it came from mmap(2) */
};

/* What a module's variables are when a thread begins. */
struct image {
	uintptr_t wanted; /* address of a variable of the calling thread */
	uintptr_t begin;  /* of the block that has it */
	const void *start;
	size_t filled, size, alignment;
};

static int look_at_module(struct dl_phdr_info *module, size_t size, void *arg)
{
	struct image *image = arg;
	const uintptr_t begin = (uintptr_t)module->dlpi_tls_data;

	(void)size;
	for (size_t i = 0; begin && i < module->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &module->dlpi_phdr[i];
		if (segment->p_type != PT_TLS ||
			image->wanted - begin >= segment->p_memsz)
			continue;
		image->begin = begin;
		image->start = (const void *)(module->dlpi_addr + segment->p_vaddr);
		image->filled = segment->p_filesz;
		image->size = segment->p_memsz;
		image->alignment = segment->p_align;
		return 1;
	}
	return 0;
}

enum { UNKNOWN, BEING_WRITTEN, KNOWN };

/* What holds of the program's own block in every thread: where co__tls_shift is in it, and
 * the image. Written by whoever is the first to know. */
static struct {
	atomic_int state; /* UNKNOWN, BEING_WRITTEN, KNOWN */
	size_t offset;
	struct image image;
} program;

static bool look_at_program(struct image *image)
{
	const uintptr_t begin = (uintptr_t)&co__tls_shift - program.offset;

	if (atomic_load_explicit(&program.state, memory_order_acquire) != KNOWN ||
		image->wanted - begin >= program.image.size)
		return false;
	*image = program.image;
	image->begin = begin;
	return true;
}

static bool is_programs(uintptr_t begin, size_t size)
{
	return (uintptr_t)&co__tls_shift - begin < size;
}

static void remember_program(const struct image *image)
{
	int unknown = UNKNOWN;

	if (!is_programs(image->begin, image->size) ||
		!atomic_compare_exchange_strong(&program.state, &unknown, BEING_WRITTEN))
		return;
	program.offset = (uintptr_t)&co__tls_shift - image->begin;
	program.image = *image;
	atomic_store_explicit(&program.state, KNOWN, memory_order_release);
}

/* The block that the variable is in. Asking the loader takes its lock. */
static void find_image(struct image *image)
{
	if (look_at_program(image))
		return;
	if (!dl_iterate_phdr(look_at_module, image))
		BUG("a thread-local variable is in no module");
	remember_program(image);
}

/* A handler may have interrupted malloc(3). */
static struct tls_block *allocate(size_t size)
{
	struct tls_block *block;

	if (!co__ctx.handler_frame)
		return calloc(1, size);
	block = mmap(
		NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (block == MAP_FAILED)
		return NULL;
	block->mapped = size;
	return block;
}

/* The copy is aligned as the original is, to a line of the cache at least, so that no
 * distance is odd. */
static struct tls_block *copy_image(const struct image *image)
{
	const size_t alignment = image->alignment > 64 ? image->alignment : 64;
	struct tls_block *block = allocate(sizeof(*block) + image->size + alignment);
	uintptr_t copy;

	if (!block)
		return NULL;
	copy = (uintptr_t)(block + 1);
	copy += (image->begin - copy) & (alignment - 1);
	memcpy((void *)copy, image->start, image->filled);
	block->begin = image->begin;
	block->size = image->size;
	block->shift = copy - image->begin;
	return block;
}

static struct tls_block *add_block(struct co_fiber *self, uintptr_t variable)
{
	struct image image = {.wanted = variable};
	struct tls_block *block;

	critical_begin();
	find_image(&image);
	block = copy_image(&image);
	if (!block) {
		co__say("cohook: no memory for the thread-local variables of a fiber\n");
		abort();
	}
	block->next = self->tls_blocks;
	self->tls_blocks = block;
	if (is_programs(block->begin, block->size))
		co__tls_shift = self->tls_shift = (intptr_t)block->shift;
	critical_end();
	return block;
}

static struct tls_block *block_of(struct co_fiber *fiber, uintptr_t variable)
{
	struct tls_block *block = fiber->tls_blocks;

	while (block && variable - block->begin >= block->size)
		block = block->next;
	return block;
}

void *co__tls_find(const volatile void *variable)
{
	struct co_fiber *self = co__ctx.running;
	const uintptr_t address = (uintptr_t)variable;
	struct tls_block *block;

	if (!self || self->is_root)
		return (void *)address;
	block = block_of(self, address);
	if (!block)
		block = add_block(self, address);
	return (void *)(address + block->shift);
}

void co__tls_free(struct co_fiber *fiber)
{
	struct tls_block *block = fiber->tls_blocks;

	while (block) {
		struct tls_block *next = block->next;
		if (block->mapped)
			munmap(block, block->mapped);
		else
			free(block);
		block = next;
	}
}
