/* The table of functions: complete, findable, without contradictions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hooks.h"

static void every_row_finds_itself(void **state)
{
	const struct hook *row;
	size_t count = 0;

	(void)state;
	for (; (row = hooks_at(count)); count++) {
		assert_ptr_equal(hooks_find(row->name, strlen(row->name)), row);
		assert_non_null(row->waits);
		assert_int_equal(row->why != NULL, row->kind == HOOK_WATCH);
		assert_int_equal(row->header != NULL, row->kind == HOOK_MIRROR);
	}
	assert_true(count > 50);
}

static void other_names_are_not_found(void **state)
{
	(void)state;
	assert_null(hooks_find("rea", 3));
	assert_null(hooks_find("reads", 5));
	assert_null(hooks_find("", 0));
	assert_non_null(hooks_find("reads", 4));
}

static void aliases_have_their_targets_class(void **state)
{
	const struct hook *row;

	(void)state;
	for (size_t i = 0; (row = hooks_at(i)); i++) {
		const struct hook *target = hooks_find(row->target, strlen(row->target));
		assert_non_null(target);
		assert_string_equal(row->waits, target->waits);
		assert_int_not_equal(target->kind, HOOK_ALIAS);
	}
}

static void fortified_functions_have_mirrors(void **state)
{
	const struct hook *row;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; (row = hooks_at(i)); i++) {
		const struct fortify *fortify = hooks_fortify(row->name);
		if (!fortify)
			continue;
		assert_int_equal(row->kind, HOOK_MIRROR);
		assert_int_equal(*fortify->params, '(');
		assert_int_equal(*fortify->args, '(');
		count++;
	}
	assert_true(count > 0);
}

static void formats_take_a_flag(void **state)
{
	static const char *const names[] = {
		"printf", "fprintf", "dprintf", "vprintf", "vfprintf", "vdprintf"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct format *format = hooks_format(names[i]);
		assert_non_null(format);
		assert_non_null(strstr(format->chk, names[i]));
		assert_non_null(
			strstr(format->takes, "int __flag, const char *__format"));
		assert_null(strstr(format->params, "__flag"));
		assert_non_null(
			strstr(format->args, "__USE_FORTIFY_LEVEL - 1, __format"));
		assert_null(hooks_fortify(names[i]));
	}
	assert_null(hooks_format("fputs"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_finds_itself),
		cmocka_unit_test(other_names_are_not_found),
		cmocka_unit_test(aliases_have_their_targets_class),
		cmocka_unit_test(fortified_functions_have_mirrors),
		cmocka_unit_test(formats_take_a_flag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
