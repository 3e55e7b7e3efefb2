/* pool.c - owns the blocks behind a pool.
 *
 * A pool is a list of blocks, filled from the front one. Nothing moves and nothing is
 * freed before the pool is. Lists grow by doubling and leave their old copy behind, which
 * at most doubles their memory. Used by everything behind rewrite_unit(). */
#include "pool.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So large that calloc() takes zeroed pages from the kernel, of which only those that are
 * used cost anything; smaller ones it would clear itself. */
enum { BLOCK_SIZE = 256 * 1024 };

struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) char data[];
};

struct pool {
	struct block *front;
};

static _Noreturn void out_of_memory(void)
{
	fputs("cohook: out of memory\n", stderr);
	exit(1);
}

struct pool *pool_new(void)
{
	struct pool *pool = calloc(1, sizeof *pool);

	if (!pool)
		out_of_memory();
	return pool;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	while (pool->front) {
		struct block *block = pool->front;
		pool->front = block->next;
		free(block);
	}
	free(pool);
}

static void add_block(struct pool *pool, size_t need)
{
	size_t size = need > BLOCK_SIZE ? need : BLOCK_SIZE;
	struct block *block = calloc(1, sizeof *block + size);

	if (!block)
		out_of_memory();
	block->size = size;
	block->next = pool->front;
	pool->front = block;
}

void *pool_alloc(struct pool *pool, size_t size)
{
	const size_t unit = alignof(max_align_t);

	size = (size + unit - 1) / unit * unit;
	if (!pool->front || pool->front->size - pool->front->used < size)
		add_block(pool, size);
	void *memory = pool->front->data + pool->front->used;
	pool->front->used += size;
	return memory;
}

char *pool_copy(struct pool *pool, const char *text, size_t length)
{
	char *copy = pool_alloc(pool, length + 1);

	if (length)
		memcpy(copy, text, length);
	return copy;
}

char *pool_string(struct pool *pool, const char *text)
{
	return pool_copy(pool, text, strlen(text));
}

char *pool_vprintf(struct pool *pool, const char *format, va_list args)
{
	va_list again;

	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	char *text = pool_alloc(pool, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

char *pool_printf(struct pool *pool, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	char *text = pool_vprintf(pool, format, args);
	va_end(args);
	return text;
}

void *pool_grow(struct pool *pool, void *items, size_t count, size_t size)
{
	enum { FIRST = 8 };

	if (count && (count < FIRST || (count & (count - 1))))
		return items;
	void *grown = pool_alloc(pool, (count ? 2 * count : FIRST) * size);
	if (count)
		memcpy(grown, items, count * size);
	return grown;
}
