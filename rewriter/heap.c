/* heap.c - owns how memory comes from the kernel while libclang works.
 *
 * A parse touches some 3000 pages for the first time and gives none back; these faults
 * are a fifth of its time. So the heap is extended once, far enough for most units, and
 * advised to be of huge pages; and since libclang parses in a thread of its own, threads
 * share the one heap. Everything here is advice: without it all works as well. Called by
 * unit. */
#include "heap.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#ifdef M_ARENA_MAX
enum {
	HUGE_PAGE = 2 * 1024 * 1024,
	RESERVE = 24 * 1024 * 1024,
	THRESHOLD = 32 * 1024 * 1024, /* the most that glibc takes */
};

void heap_prepare(void)
{
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, THRESHOLD);
	mallopt(M_TRIM_THRESHOLD, THRESHOLD);
	char *reserve = malloc(RESERVE);
	if (!reserve)
		return;
	size_t skipped = -(uintptr_t)reserve % HUGE_PAGE;
	madvise(reserve + skipped, (RESERVE - skipped) / HUGE_PAGE * HUGE_PAGE,
		MADV_HUGEPAGE);
	free(reserve);
}
#else
void heap_prepare(void)
{
}
#endif
