/* Our pragmas: found wherever a directive is, blanked out without moving anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pool.h"
#include "pragma.h"

static struct pool *pool;
static struct pragma *found;

static size_t find(const char *text)
{
	return pragma_find(pool, text, strlen(text), &found);
}

static void off_and_on_are_found(void **state)
{
	const char *text = "int x;\n#pragma cohook off\nint y;\n  # pragma  cohook\ton "
			   "/* c */\nint z;";

	(void)state;
	assert_int_equal(find(text), 2);
	assert_int_equal(found[0].kind, PRAGMA_OFF);
	assert_int_equal(found[0].begin, 7);
	assert_int_equal(found[0].end, 25);
	assert_int_equal(found[1].kind, PRAGMA_ON);
	assert_memory_equal(text + found[1].begin, "# pragma", 8);
	assert_int_equal(text[found[1].end], '\n');
}

static void what_threads_are_is_found(void **state)
{
	static const enum pragma_kind kinds[] = {PRAGMA_OS, PRAGMA_FIBER, PRAGMA_DEFAULT};

	(void)state;
	assert_int_equal(
		find("#pragma cohook threads(os)\n#pragma cohook threads ( fiber ) "
		     "// x\n#pragma cohook threads\\\n(default)\n"),
		3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(found[i].kind, kinds[i]);
	assert_int_equal(find("#pragma cohook threads\n#pragma cohook threads(green)\n"
			      "#pragma cohook threads(os) off\n"),
		0);
}

static void other_words_are_left_to_the_compiler(void **state)
{
	(void)state;
	assert_int_equal(
		find("#pragma cohook\n#pragma cohook of\n#pragma cohook off now\n"), 0);
	assert_int_equal(find("#pragma once // cohook off\n\"#pragma cohook off\"\n"), 0);
	assert_int_equal(find("/*\n#pragma cohook off\n*/ x #pragma cohook off\n"), 0);
	assert_int_equal(find("#pragma cohook off"), 1);
}

static void weak_names_are_found(void **state)
{
	(void)state;
	assert_int_equal(
		find("#pragma weak read\n#pragma weak\n#pragma weak dup = own_dup\n"), 2);
	assert_int_equal(found[0].kind, PRAGMA_WEAK);
	assert_string_equal(found[0].name, "read");
	assert_string_equal(found[1].name, "dup");
}

static void blanks_keep_lines_and_tabs(void **state)
{
	(void)state;
	assert_string_equal(
		pragma_blank(pool, "#\tpragma \\\r\n off", 16), " \t        \r\n    ");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(off_and_on_are_found),
		cmocka_unit_test(what_threads_are_is_found),
		cmocka_unit_test(other_words_are_left_to_the_compiler),
		cmocka_unit_test(weak_names_are_found),
		cmocka_unit_test(blanks_keep_lines_and_tabs),
	};

	return cmocka_run_group_tests(tests, make_pool, free_pool);
}
