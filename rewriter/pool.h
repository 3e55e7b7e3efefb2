/* pool.h - memory that is given back in one piece.
 *
 * What is found out about one unit is many small strings and lists with one owner; they
 * all go when their rewrite_result goes. */
#ifndef COHOOK_POOL_H
#define COHOOK_POOL_H

#include <stdarg.h>
#include <stddef.h>

struct pool;

/* pool_new - an empty pool, for pool_free(). These functions end the process when there
 * is no memory: the compiler that would run next could not have any either. */
struct pool *pool_new(void);
void pool_free(struct pool *pool); /* NULL is fine */

void *pool_alloc(struct pool *pool, size_t size); /* zeroed */
char *pool_copy(struct pool *pool, const char *text, size_t length);
char *pool_string(struct pool *pool, const char *text);
char *pool_printf(struct pool *pool, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *pool_vprintf(struct pool *pool, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* pool_grow - room for one more item of SIZE bytes behind the COUNT that ITEMS (NULL if
 * none) holds. Gives the list's new place; the new item is zeroed. The list must have
 * been made by pool_grow() alone. */
void *pool_grow(struct pool *pool, void *items, size_t count, size_t size);

#endif
