/* Which attributes go over to a mirror, from what clang prints. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "attributes.h"
#include "pool.h"

static struct pool *pool;

static const char *kept(const char *first, const char *second, const char *type)
{
	const char *const printed[] = {first, second, NULL};

	return attributes_for_mirror(pool, printed, type);
}

static void those_that_warn_are_kept(void **state)
{
	(void)state;
	assert_string_equal(kept("extern int f(int *p) __attribute__((nothrow)) "
				 "__attribute__((nonnull(1, 2)))",
				    NULL, "int (int *)"),
		" __attribute__((__nonnull__(1, 2)))");
	assert_string_equal(
		kept("__attribute__((warn_unused_result(\"\"))) extern int f(void)", NULL,
			"int (void)"),
		" __attribute__((__warn_unused_result__))");
	assert_string_equal(
		kept("int p(const char *) __attribute__((format(printf, 1, 2)))", NULL,
			""),
		" __attribute__((__format__(printf, 1, 2)))");
}

static void those_that_promise_are_not(void **state)
{
	(void)state;
	assert_string_equal(
		kept("int f(void) __attribute__((leaf)) __attribute__((const)) "
		     "__attribute__((pure)) __attribute__((malloc)) "
		     "__attribute__((alloc_size(1)))",
			NULL, ""),
		"");
	assert_string_equal(kept("int f(void)", NULL, "int (void)"), "");
	assert_string_equal(kept("int f(void) asm(\"x) __attribute__\")", NULL, ""), "");
}

static void repetitions_are_dropped(void **state)
{
	(void)state;
	assert_string_equal(kept("int f(int *) __attribute__((nonnull(1)))",
				    "int f(int *) __attribute__((nonnull(1))) "
				    "__attribute__((sentinel(0, 0)))",
				    ""),
		" __attribute__((__nonnull__(1))) __attribute__((__sentinel__(0, 0)))");
}

static void noreturn_is_in_the_type(void **state)
{
	(void)state;
	assert_string_equal(
		kept("void f(void)", NULL, "void (void) __attribute__((noreturn))"),
		" __attribute__((__noreturn__))");
}

static void weakness_is_seen(void **state)
{
	(void)state;
	assert_true(attributes_are_weak("extern int f(void) __attribute__((weak))"));
	assert_false(attributes_are_weak("extern int weak(void)"));
}

static int make_pool(void **state)
{
	(void)state;
	pool = pool_new();
	return 0;
}

static int free_pool(void **state)
{
	(void)state;
	pool_free(pool);
	return 0;
}

static void builtins_are_known(void **state)
{
	(void)state;
	assert_string_equal(attributes_of_builtin(pool, "fprintf", false),
		" __attribute__((__format__(__printf__, 2, 3)))");
	assert_string_equal(attributes_of_builtin(pool, "vscanf", true),
		" __attribute__((__format__(__scanf__, 1, 0)))");
	assert_string_equal(attributes_of_builtin(pool, "puts", true),
		" __attribute__((__nonnull__))");
	assert_string_equal(attributes_of_builtin(pool, "puts", false), "");
	assert_string_equal(attributes_of_builtin(pool, "print", true), "");
	assert_string_equal(attributes_of_builtin(pool, "read", true), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(those_that_warn_are_kept),
		cmocka_unit_test(those_that_promise_are_not),
		cmocka_unit_test(repetitions_are_dropped),
		cmocka_unit_test(noreturn_is_in_the_type),
		cmocka_unit_test(weakness_is_seen),
		cmocka_unit_test(builtins_are_known),
	};

	return cmocka_run_group_tests(tests, make_pool, free_pool);
}
