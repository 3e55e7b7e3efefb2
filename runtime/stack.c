/* stack.c - pools of stacks, one pool for each size.
 *
 * A pool reserves address space in slabs (MAP_NORESERVE) and hands out slots of it;
 * nothing is ever unmapped, so a stale address is a clean fault and never another
 * mapping. A slot is its guard, then the stack. The guard is installed when the slot is
 * first used: MADV_GUARD_INSTALL keeps a slab one mapping (Linux 6.13), mprotect(2) is
 * the fallback. Slots that come back are reused last in, first out; beyond KEEP_WARM of
 * them their pages are given back to the kernel.
 *
 * Called by whoever makes fibers, on any thread. */
#define _GNU_SOURCE
#include "stack.h"

#include "bug.h"
#include "critical.h"
#include "sanitize.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

enum {
	GUARD_SIZE = 16 * 1024,
	KEEP_WARM = 1024,
	SLOTS_LEAST = 16,
	SLOTS_MOST = 256,
	COLOUR_STEP = 64,
	COLOURS = 12,
	PTE_SPAN = 2 * 1024 * 1024, /* what one page of page-table entries maps */
};
_Static_assert(
	(COLOURS - 1) * COLOUR_STEP == STACK_COLOUR_MOST, "callers leave room for it");
static const size_t slab_bytes = 64 * 1024 * 1024;

struct slab {
	struct slab *next; /* older one; the list only grows */
	char *start;
	size_t slots, slot_size;
};

/* In the last bytes of a free slot would cost a page each; a plain array of addresses
 * does not. */
struct stack_pool {
	struct stack_pool *next;
	size_t slot_size;
	struct slab *slab;  /* the one that fresh slots come from */
	size_t fresh;       /* slots of it that were never used */
	char **free_slots;
	unsigned *free_ids; /* Valgrind's, beside free_slots */
	size_t nfree, free_capacity;
	size_t total;       /* slots of all its slabs; never more than free_capacity */
};

static pthread_mutex_t pools_lock = PTHREAD_MUTEX_INITIALIZER;
static struct stack_pool *pools;           /* under pools_lock */
static _Atomic(struct slab *) slabs;       /* read by the signal handler without the lock */
static atomic_bool guard_by_mprotect;

/* A handler that struck a holder may spawn or fork. */
static void pools_take(void)
{
	critical_begin();
	pthread_mutex_lock(&pools_lock);
}

static void pools_drop(void)
{
	pthread_mutex_unlock(&pools_lock);
	critical_end();
}

static size_t page_size(void)
{
	static atomic_size_t known;
	size_t size = atomic_load_explicit(&known, memory_order_relaxed);

	if (size == 0) {
		size = (size_t)sysconf(_SC_PAGESIZE);
		atomic_store_explicit(&known, size, memory_order_relaxed);
	}
	return size;
}

static size_t round_up(size_t n, size_t unit)
{
	return (n + unit - 1) / unit * unit;
}

static struct stack_pool *pool_for(size_t slot_size)
{
	struct stack_pool *pool;

	for (pool = pools; pool; pool = pool->next)
		if (pool->slot_size == slot_size)
			return pool;
	pool = calloc(1, sizeof(*pool));
	if (!pool)
		return NULL;
	pool->slot_size = slot_size;
	pool->next = pools;
	pools = pool;
	return pool;
}

/* Reserve COUNT slots. The edge between two slots is put in the middle of what one
 * page-table page maps, so that the guard of a slot and the top of the slot below it
 * share that page. */
static char *reserve(size_t slot_size, size_t count)
{
	size_t length = slot_size * count + PTE_SPAN;
	char *start = mmap(NULL, length, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);

	if (start == MAP_FAILED)
		return NULL;
	madvise(start, length, MADV_NOHUGEPAGE);
	return (char *)round_up((uintptr_t)start + PTE_SPAN / 2, PTE_SPAN) - PTE_SPAN / 2;
}

static int pool_grow(struct stack_pool *pool)
{
	size_t count = slab_bytes / pool->slot_size;
	struct slab *slab = malloc(sizeof(*slab));

	if (!slab)
		return -ENOMEM;
	count = count < SLOTS_LEAST ? SLOTS_LEAST : count > SLOTS_MOST ? SLOTS_MOST : count;
	slab->start = reserve(pool->slot_size, count);
	if (!slab->start) {
		count = 1;
		slab->start = reserve(pool->slot_size, count);
	}
	if (!slab->start) {
		free(slab);
		return -ENOMEM;
	}
	slab->slots = count;
	slab->slot_size = pool->slot_size;
	slab->next = atomic_load(&slabs);
	atomic_store(&slabs, slab);
	pool->slab = slab;
	pool->fresh = count;
	pool->total += count;
	return 0;
}

static int guard(char *slot)
{
	if (!atomic_load_explicit(&guard_by_mprotect, memory_order_relaxed)) {
		if (madvise(slot, GUARD_SIZE, MADV_GUARD_INSTALL) == 0)
			return 0;
		atomic_store(&guard_by_mprotect, true);
	}
	return mprotect(slot, GUARD_SIZE, PROT_NONE) == 0 ? 0 : -ENOMEM;
}

/* Room to take every slot back is made before there are slots, so that freeing cannot
 * fail. */
static int pool_make_room(struct stack_pool *pool, size_t wanted)
{
	char **slots;
	unsigned *ids;

	if (wanted <= pool->free_capacity)
		return 0;
	wanted *= 2;
	slots = realloc(pool->free_slots, wanted * sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	pool->free_slots = slots;
	ids = realloc(pool->free_ids, wanted * sizeof(*ids));
	if (!ids)
		return -ENOMEM;
	pool->free_ids = ids;
	pool->free_capacity = wanted;
	return 0;
}

static int pool_fresh(struct stack_pool *pool, char **slot, unsigned *id)
{
	int r = 0;

	if (pool->fresh == 0) {
		r = pool_make_room(pool, pool->total + SLOTS_MOST);
		if (r == 0)
			r = pool_grow(pool);
		if (r < 0)
			return r;
	}
	*slot = pool->slab->start + (pool->slab->slots - pool->fresh) * pool->slot_size;
	r = guard(*slot);
	if (r < 0)
		return r;
	pool->fresh--;
	*id = VALGRIND_STACK_REGISTER(*slot + GUARD_SIZE, *slot + pool->slot_size - 1);
	return 0;
}

static int pool_take(size_t slot_size, struct stack_pool **pool, char **slot, unsigned *id)
{
	*pool = pool_for(slot_size);
	if (!*pool)
		return -ENOMEM;
	if ((*pool)->nfree == 0)
		return pool_fresh(*pool, slot, id);
	(*pool)->nfree--;
	*slot = (*pool)->free_slots[(*pool)->nfree];
	*id = (*pool)->free_ids[(*pool)->nfree];
	return 0;
}

int co__stack_alloc(size_t size, struct stack *stack)
{
	struct stack_pool *pool;
	char *slot;
	unsigned id;
	int r;

	if (size < STACK_SMALLEST)
		size = STACK_SMALLEST;
	if (size > SIZE_MAX / (2 * SLOTS_LEAST)) /* the size of a slab must not wrap */
		return -ENOMEM;
	size = round_up(size, page_size());
	pools_take();
	r = pool_take(size + GUARD_SIZE, &pool, &slot, &id);
	pools_drop();
	if (r < 0)
		return r;
	stack->base = slot + GUARD_SIZE;
	stack->size = size;
	stack->pool = pool;
	stack->valgrind_id = id;
	stack->colour = (unsigned)((uintptr_t)slot / pool->slot_size % COLOURS * COLOUR_STEP);
	asan_unpoison(stack->base, stack->size);
	return 0;
}

void co__stack_free(const struct stack *stack)
{
	struct stack_pool *pool = stack->pool;
	char *slot = stack->base - GUARD_SIZE;

	pools_take();
	BUG_IF(pool->nfree == pool->free_capacity);
	if (pool->nfree >= KEEP_WARM)
		madvise(stack->base, stack->size, MADV_DONTNEED);
	pool->free_slots[pool->nfree] = slot;
	pool->free_ids[pool->nfree] = stack->valgrind_id;
	pool->nfree++;
	pools_drop();
}

bool co__stack_overflowed(const void *address, char **base, size_t *size)
{
	uintptr_t at = (uintptr_t)address;

	for (struct slab *slab = atomic_load(&slabs); slab; slab = slab->next) {
		uintptr_t offset = at - (uintptr_t)slab->start;
		if (offset / slab->slot_size >= slab->slots)
			continue;
		if (offset % slab->slot_size >= GUARD_SIZE)
			return false;
		*base = slab->start + offset / slab->slot_size * slab->slot_size + GUARD_SIZE;
		*size = slab->slot_size - GUARD_SIZE;
		return true;
	}
	return false;
}

void co__stack_fork_begin(void)
{
	pools_take();
}

void co__stack_fork_end(void)
{
	pools_drop();
}
