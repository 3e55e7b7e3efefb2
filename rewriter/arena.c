/* arena.c - owns every piece of memory that lives until the wrapper ends.
 *
 * Blocks hang on one list, so that leak checkers see them as held. Used by everything
 * that works on the command line; the rewriting core manages its own memory. Not for use
 * in several threads. */
#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So large that calloc() takes zeroed pages from the kernel, of which only those that are
 * used cost anything; smaller ones it would clear itself. */
enum { BLOCK_SIZE = 256 * 1024, ALIGNMENT = 16 };

struct block {
	struct block *older;
	size_t used, size;
	_Alignas(ALIGNMENT) char data[];
};

static struct block *newest;

static void out_of_memory(void)
{
	static const char message[] = "cohook-cc: error: out of memory\n";

	if (write(STDERR_FILENO, message, sizeof message - 1) < 0)
		_exit(2);
	_exit(1);
}

static void add_block(size_t least)
{
	size_t size = least > BLOCK_SIZE ? least : BLOCK_SIZE;
	struct block *block = calloc(1, sizeof *block + size);

	if (!block) {
		out_of_memory();
		return;
	}
	block->size = size;
	block->older = newest;
	newest = block;
}

void *arena_alloc(size_t size)
{
	if (size > SIZE_MAX / 2)
		out_of_memory();
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (!newest || newest->size - newest->used < size)
		add_block(size);
	void *memory = newest->data + newest->used;
	newest->used += size;
	return memory;
}

char *arena_copy(const char *text, size_t length)
{
	char *copy = arena_alloc(length + 1);

	memcpy(copy, text, length);
	return copy;
}

char *arena_string(const char *text)
{
	return arena_copy(text, strlen(text));
}

char *arena_printf(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		out_of_memory();

	char *text = arena_alloc((size_t)length + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)length + 1, format, args);
	va_end(args);
	return text;
}
