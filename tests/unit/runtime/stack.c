/* stack.c - memory for stacks: what is handed out, guarded, taken back and refused. */
#define _GNU_SOURCE
#include "case.h"
#include "stack.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum { PAGE = 4096, GUARD = 16 * 1024, WARM = 1024 };

static struct stack alloc(size_t size)
{
	struct stack stack;

	must(co__stack_alloc(size, &stack) == 0);
	return stack;
}

/* Pages of this process that are in memory. */
static size_t resident(void)
{
	unsigned long total = 0, pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	must(f && fscanf(f, "%lu %lu", &total, &pages) == 2);
	fclose(f);
	return pages;
}

static size_t mappings(void)
{
	FILE *f = fopen("/proc/self/maps", "r");
	size_t n = 0;

	must(f);
	for (int c; (c = getc(f)) != EOF;)
		n += c == '\n';
	fclose(f);
	return n;
}

/* --- sizes ------------------------------------------------------------------------- */

static void sizes_are_rounded_up_to_pages(void **state)
{
	static const size_t sizes[] = {0, 1, PAGE, STACK_SMALLEST - 1, STACK_SMALLEST,
		STACK_SMALLEST + 1, 100 * 1024, 256 * 1024 + 7, 8 * 1024 * 1024,
		65 << 20};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct stack s = alloc(sizes[i]);
		size_t least = sizes[i] < STACK_SMALLEST ? STACK_SMALLEST : sizes[i];

		assert_true(s.size >= least && s.size < least + PAGE);
		assert_int_equal(s.size % PAGE, 0);
		assert_int_equal((uintptr_t)s.base % PAGE, 0);
		s.base[0] = s.base[s.size / 2] = s.base[s.size - 1] = 1;
		co__stack_free(&s);
	}
}

static void sizes_beyond_all_memory_are_refused(void **state)
{
	static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - PAGE, SIZE_MAX / 2,
		SIZE_MAX / 4, SIZE_MAX / 4 - GUARD, SIZE_MAX / 8, (size_t)1 << 60,
		((size_t)1 << 60) - GUARD, ((size_t)1 << 59) - GUARD, (size_t)1 << 50};
	struct stack s = {.size = 7};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		assert_int_equal(co__stack_alloc(sizes[i], &s), -ENOMEM);
		assert_int_equal(s.size, 7);
	}
}

/* --- reuse ------------------------------------------------------------------------- */

static void the_last_one_freed_comes_first(void **state)
{
	struct stack a = alloc(0), b = alloc(0), c = alloc(0), again;

	(void)state;
	assert_ptr_not_equal(a.base, b.base);
	co__stack_free(&a);
	co__stack_free(&c);
	co__stack_free(&b);
	again = alloc(0);
	assert_ptr_equal(again.base, b.base);
	assert_int_equal(again.colour, b.colour);
	again = alloc(0);
	assert_ptr_equal(again.base, c.base);
	again = alloc(0);
	assert_ptr_equal(again.base, a.base);
	co__stack_free(&a);
	co__stack_free(&b);
	co__stack_free(&c);
}

static void sizes_do_not_mix(void **state)
{
	struct stack small = alloc(0), big;

	(void)state;
	co__stack_free(&small);
	big = alloc(512 * 1024);
	assert_true(
		big.base + big.size <= small.base || big.base >= small.base + small.size);
	co__stack_free(&big);
	big = alloc(512 * 1024);
	small = alloc(0);
	assert_int_equal(small.size, STACK_SMALLEST);
	co__stack_free(&small);
	co__stack_free(&big);
}

static void stacks_do_not_overlap(void **state)
{
	enum { MANY = 700 };
	static struct stack stacks[MANY];

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		stacks[i] = alloc(i % 3 * 128 * 1024);
		memset(stacks[i].base, (int)(i % 251), 64);
		memset(stacks[i].base + stacks[i].size - 64, (int)(i % 251), 64);
	}
	for (size_t i = 0; i < MANY; i++) {
		for (size_t at = 0; at < 64; at++) {
			assert_int_equal((unsigned char)stacks[i].base[at], i % 251);
			assert_int_equal(
				(unsigned char)stacks[i].base[stacks[i].size - 1 - at],
				i % 251);
		}
		co__stack_free(&stacks[i]);
	}
}

/* Beyond WARM free ones the memory goes back: what is found there is zero. */
static void cold_stacks_give_their_memory_back(void **state)
{
	enum { MANY = WARM + 100, SIZE = 96 * 1024 };
	static struct stack stacks[MANY];
	size_t cold = 0;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		stacks[i] = alloc(SIZE);
		stacks[i].base[stacks[i].size - 1] = 1;
	}
	for (size_t i = 0; i < MANY; i++)
		co__stack_free(&stacks[i]);
	for (size_t i = 0; i < MANY; i++) {
		struct stack s = alloc(SIZE);
		assert_ptr_equal(s.base, stacks[MANY - 1 - i].base);
		cold += s.base[s.size - 1] == 0;
	}
	assert_int_equal(cold, MANY - WARM);
	for (size_t i = 0; i < MANY; i++)
		co__stack_free(&stacks[i]);
}

static void neighbours_differ_in_colour(void **state)
{
	struct stack stacks[24];
	unsigned seen = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(stacks); i++) {
		stacks[i] = alloc(300 * 1024);
		assert_int_equal(stacks[i].colour % 64, 0);
		assert_true(stacks[i].colour < PAGE / 2);
		if (i > 0 && stacks[i].base - stacks[i - 1].base < 1024 * 1024)
			assert_int_not_equal(stacks[i].colour, stacks[i - 1].colour);
		seen |= 1u << stacks[i].colour / 64;
	}
	assert_true(__builtin_popcount(seen) >= 8);
	for (size_t i = 0; i < COUNT(stacks); i++)
		co__stack_free(&stacks[i]);
}

/* --- guards ------------------------------------------------------------------------ */

static void touch(void *arg)
{
	*(volatile char *)arg = 1;
}

static void faults_at(char *address)
{
	struct child child;

	child_run(&child, touch, address);
	if (UNDER_ASAN)
		assert_true(child.status != 0);
	else
		assert_true(
			WIFSIGNALED(child.status) && WTERMSIG(child.status) == SIGSEGV);
}

static void the_guard_faults(void **state)
{
	struct stack a = alloc(0), b = alloc(0);

	(void)state;
	faults_at(a.base - 1);
	faults_at(a.base - GUARD);
	faults_at(b.base - 1);
	child_succeeds(touch, a.base);
	child_succeeds(touch, a.base + a.size - 1);
	co__stack_free(&a);
	faults_at(a.base - 1); /* free ones stay guarded */
	co__stack_free(&b);
}

static void overflow_is_seen_in_the_guard_alone(void **state)
{
	struct stack s = alloc(777 * 1024);
	char *base = NULL, *heap = malloc(16);
	size_t size = 0;

	(void)state;
	assert_true(co__stack_overflowed(s.base - 1, &base, &size));
	assert_ptr_equal(base, s.base);
	assert_int_equal(size, s.size);
	base = NULL;
	assert_true(co__stack_overflowed(s.base - GUARD, &base, &size));
	assert_ptr_equal(base, s.base);
	assert_false(co__stack_overflowed(s.base, &base, &size));
	assert_false(co__stack_overflowed(s.base - GUARD - 1, &base, &size));
	assert_false(co__stack_overflowed(s.base + s.size - 1, &base, &size));
	assert_false(co__stack_overflowed(NULL, &base, &size));
	assert_false(co__stack_overflowed((void *)UINTPTR_MAX, &base, &size));
	assert_false(co__stack_overflowed(heap, &base, &size));
	assert_false(co__stack_overflowed(&base, &base, &size));
	free(heap);
	co__stack_free(&s);
}

/* --- many -------------------------------------------------------------------------- */

static bool guards_keep_mappings_whole(void)
{
	char *page = mmap(
		NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool whole = madvise(page, PAGE, 102 /* MADV_GUARD_INSTALL */) == 0;

	munmap(page, PAGE);
	return whole;
}

/* More than twice what one mapping for each guard would allow under the usual
 * vm.max_map_count. */
static void many_at_once(void *arg)
{
	enum { MANY = 70000 };
	static struct stack stacks[MANY];
	size_t before, allocated, touched;

	(void)arg;
	memset(stacks, 1, sizeof(stacks));
	before = resident();
	for (size_t i = 0; i < MANY; i++)
		stacks[i] = alloc(0);
	allocated = resident() - before;
	must(mappings() < 1000);
	for (size_t i = 0; i < MANY; i++)
		stacks[i].base[stacks[i].size - 1] = 1;
	touched = resident() - before - allocated;
	if (UNDER_ASAN) /* the shadow is memory of this process, too */
		return;
	must(allocated < 2000);
	must(touched > MANY - 1000 &&
		touched < MANY + 1000); /* the kernel counts in bundles */
}

static void many_stacks_cost_a_page_each(void **state)
{
	(void)state;
	if (!guards_keep_mappings_whole()) {
		print_message("the kernel has no MADV_GUARD_INSTALL\n");
		skip();
	}
	child_succeeds(many_at_once, NULL);
}

static void limit_address_space(rlim_t more)
{
	struct rlimit limit;
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	must(f && fscanf(f, "%lu", &pages) == 1);
	fclose(f);
	must(getrlimit(RLIMIT_AS, &limit) == 0);
	limit.rlim_cur = pages * PAGE + more;
	must(setrlimit(RLIMIT_AS, &limit) == 0);
}

static void run_out(void *arg)
{
	enum { MANY = 4096 };
	static struct stack stacks[MANY];
	struct stack s;
	size_t n = 0;

	(void)arg;
	limit_address_space(128 << 20);
	while (n < MANY && co__stack_alloc(1 << 20, &stacks[n]) == 0)
		n++;
	must(n >= 32 && n <= 128);
	must(co__stack_alloc(1 << 20, &s) == -ENOMEM);
	co__stack_free(&stacks[n - 1]);
	must(co__stack_alloc(1 << 20, &stacks[n - 1]) == 0);
	memset(stacks[n - 1].base, 1, stacks[n - 1].size);
	limit_address_space(256 << 20);
	must(co__stack_alloc(1 << 20, &s) == 0);
	memset(s.base, 1, s.size);
	co__stack_free(&s);
	for (size_t i = 0; i < n; i++)
		co__stack_free(&stacks[i]);
	for (size_t i = 0; i < n; i++)
		must(co__stack_alloc(1 << 20, &stacks[i]) == 0);
}

static void exhaustion_is_an_error_and_passes(void **state)
{
	(void)state;
	if (UNDER_ASAN) {
		print_message("AddressSanitizer does not live with RLIMIT_AS\n");
		skip();
	}
	child_succeeds(run_out, NULL);
}

/* --- threads and forks ------------------------------------------------------------- */

static atomic_bool stop;

static void *churn(void *arg)
{
	struct stack stacks[8];

	for (unsigned round = 0; !atomic_load(&stop); round++) {
		for (size_t i = 0; i < COUNT(stacks); i++) {
			stacks[i] = alloc(*(size_t *)arg);
			memset(stacks[i].base, (int)i, 8);
		}
		for (size_t i = 0; i < COUNT(stacks); i++) {
			must(stacks[i].base[7] == (char)i);
			co__stack_free(&stacks[i]);
		}
		sched_yield();
	}
	return NULL;
}

static void alloc_one(void *arg)
{
	struct stack s = alloc(*(size_t *)arg);

	s.base[0] = 1;
	co__stack_free(&s);
}

/* Whatever other threads were doing at the time of a fork, the child has its stacks. */
static void forked_children_have_stacks(void **state)
{
	static size_t size = 128 * 1024;
	pthread_t threads[2];

	(void)state;
	for (size_t i = 0; i < COUNT(threads); i++)
		must(pthread_create(&threads[i], NULL, churn, &size) == 0);
	for (int i = 0; i < 50; i++) {
		pid_t pid;
		int status;
		co__stack_fork_begin();
		pid = fork();
		co__stack_fork_end();
		if (pid == 0) {
			alarm(10);
			alloc_one(&size);
			_exit(0);
		}
		must(waitpid(pid, &status, 0) == pid);
		assert_int_equal(status, 0);
	}
	atomic_store(&stop, true);
	for (size_t i = 0; i < COUNT(threads); i++)
		pthread_join(threads[i], NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_rounded_up_to_pages),
		cmocka_unit_test(sizes_beyond_all_memory_are_refused),
		cmocka_unit_test(the_last_one_freed_comes_first),
		cmocka_unit_test(sizes_do_not_mix),
		cmocka_unit_test(stacks_do_not_overlap),
		cmocka_unit_test(cold_stacks_give_their_memory_back),
		cmocka_unit_test(neighbours_differ_in_colour),
		cmocka_unit_test(the_guard_faults),
		cmocka_unit_test(overflow_is_seen_in_the_guard_alone),
		cmocka_unit_test(many_stacks_cost_a_page_each),
		cmocka_unit_test(exhaustion_is_an_error_and_passes),
		cmocka_unit_test(forked_children_have_stacks),
	};

	return RUN(tests);
}
