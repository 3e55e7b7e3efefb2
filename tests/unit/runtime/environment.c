/* environment.c - COHOOK_STACK and COHOOK_WORKERS: what is taken, and what is said of the
 * rest. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"
#include "stack.h"
#include "worker.h"

struct setting {
	const char *name, *value;
	size_t size; /* of stacks, where it is taken */
};

/* The room below the control block is SIZE, and not much more. */
static void *look(void *arg)
{
	co_fiber *self = co_fiber_self();
	size_t size = *(size_t *)arg, room = (size_t)((char *)self - self->stack.base);

	must(room >= size && room < size + STACK_SMALLEST + 8192);
	return NULL;
}

/* A thread's fiber of which the program says nothing, or what libc says anyway. */
static void make_thread(const pthread_attr_t *attr, size_t size)
{
	pthread_t thread;

	must(co_pthread_create(&thread, attr, look, &size) == 0);
	must(co_pthread_join(thread, NULL) == 0);
}

static void make_threads(size_t wanted)
{
	pthread_attr_t attr;
	size_t standard;

	must(pthread_attr_init(&attr) == 0);
	must(pthread_attr_getstacksize(&attr, &standard) == 0);
	make_thread(NULL, wanted ? wanted : standard);
	make_thread(&attr, wanted ? wanted : standard);
	must(pthread_attr_setstacksize(&attr, 768 << 10) == 0);
	make_thread(&attr, 768 << 10);
	must(pthread_attr_destroy(&attr) == 0);
}

static void use(void *arg)
{
	const struct setting *s = arg;
	size_t size = s->size;

	must(setenv(s->name, s->value, 1) == 0);
	errno = 77;
	must(co_loop() != NULL);
	must(errno == 77);
	make_threads(size);
	size = size ? size : 256 << 10;
	join(spawn(look, &size));
}

static void values_are_taken(void **state)
{
	static const struct setting settings[] = {
		{"COHOOK_STACK", "4096", 4096},
		{"COHOOK_STACK", "65536", 65536},
		{"COHOOK_STACK", "65537", 65537},
		{"COHOOK_STACK", "64k", 64 << 10},
		{"COHOOK_STACK", "100K", 100 << 10},
		{"COHOOK_STACK", "1m", 1 << 20},
		{"COHOOK_STACK", "2M", 2 << 20},
		{"COHOOK_STACK", "1G", 1 << 30},
		{"COHOOK_STACK", "0001M", 1 << 20},
		{"COHOOK_STACK", "", 0},
		{"COHOOK_WORKERS", "1", 0},
		{"COHOOK_WORKERS", "64", 0},
		{"COHOOK_WORKERS", "1024", 0},
		{"COHOOK_WORKERS", "", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(settings); i++)
		child_succeeds(use, (void *)&settings[i]);
}

static void refused(const char *name, const char *value, const char *wanted)
{
	struct setting setting = {name, value, 0};
	char mention[256];
	struct child child;

	child_run(&child, use, &setting);
	if (!WIFEXITED(child.status) || WEXITSTATUS(child.status) != 2)
		fail_msg("%s=%s: status %#x: %s", name, value, (unsigned)child.status,
			child.output);
	snprintf(mention, sizeof(mention), "cohook: %s=%s: ", name, value);
	if (strncmp(child.output, mention, strlen(mention)) != 0 ||
		!strstr(child.output, wanted))
		fail_msg("said: %s", child.output);
	assert_ptr_equal(strchr(child.output, '\n') + 1, strchr(child.output, '\0'));
}

static void other_values_are_named_with_what_to_give(void **state)
{
	static const char *const sizes[] = {"0", "1", "4095", "3K", "-1", "-64K", "+64K",
		" 64K", "64 K", "64KB", "64Kx", "K", "x", "1e6", "0x10000", "1.5M", "64T",
		"18446744073709551615", "18446744073709551616", "99999999999999999999999",
		"17179869184G", "18014398509481984K"};
	static const char *const numbers[] = {
		"0", "-1", "1025", "two", "2K", "1,2", "4 ", "99999999999999999999"};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++)
		refused("COHOOK_STACK", sizes[i], "64K");
	for (size_t i = 0; i < COUNT(numbers); i++)
		refused("COHOOK_WORKERS", numbers[i], "1 to 1024");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_taken),
		cmocka_unit_test(other_values_are_named_with_what_to_give),
	};

	return RUN(tests);
}
