/* The option table: in order, without contradictions, and found by its longest row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "options.h"

static void rows_are_sorted_and_unique(void **state)
{
	(void)state;
	for (size_t i = 1; i < option_row_count; i++) {
		const char *before = option_rows[i - 1].spelling,
			   *row = option_rows[i].spelling;
		if (strcmp(before, row) >= 0)
			fail_msg("%s stands before %s", before, row);
	}
}

static void every_row_finds_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];
		assert_ptr_equal(option_find(row->spelling), row);
		assert_true(row->spelling[0] == '-' && row->spelling[1]);
	}
}

/* A row of no arity that takes more than its spelling must not swallow a longer word. */
static void a_longer_word_is_not_an_exact_row(void **state)
{
	char word[128];

	(void)state;
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];
		assert_true(strlen(row->spelling) < sizeof word - 8);
		strcpy(word, row->spelling);
		strcat(word, "\001zzz");
		if (row->arity == ALONE || row->arity == SEPARATE)
			assert_ptr_not_equal(option_find(word), row);
		else
			assert_ptr_equal(option_find(word), row);
	}
}

static void a_plain_command_is_not_parsed_or_probed_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_row_count; i++)
		if (option_rows[i].effects & PLAIN)
			assert_int_equal(option_rows[i].effects, PLAIN);
}

static void the_longest_row_wins(void **state)
{
	(void)state;
	assert_string_equal(option_find("-MD")->spelling, "-MD");
	assert_string_equal(option_find("-include-pch")->spelling, "-include-pch");
	assert_string_equal(option_find("-includefile.h")->spelling, "-include");
	assert_string_equal(option_find("-isystem/usr/x")->spelling, "-isystem");
	assert_string_equal(option_find("-Wp,-MD,x")->spelling, "-Wp,");
	assert_string_equal(option_find("-Wall")->spelling, "-W");
	assert_string_equal(option_find("-fsanitize=address")->spelling, "-fsanitize=");
	assert_string_equal(option_find("-fsanitize-recover")->spelling, "-f");
	assert_string_equal(option_find("-dumpbase-ext")->spelling, "-dumpbase-ext");
	assert_string_equal(option_find("--cohook-anything")->spelling, "--cohook-");
}

static void what_is_no_option_has_no_row(void **state)
{
	(void)state;
	assert_null(option_find("-"));
	assert_null(option_find(""));
	assert_null(option_find("a.c"));
	assert_null(option_find("@file"));
	assert_null(option_find("-static-libgcc"));
	assert_null(option_find("-?"));
}

static void values_are_where_the_arity_says(void **state)
{
	(void)state;
	assert_true(option_takes_next(option_find("-o"), "-o"));
	assert_false(option_takes_next(option_find("-oa.o"), "-oa.o"));
	assert_true(option_takes_next(option_find("-Xlinker"), "-Xlinker"));
	assert_true(option_takes_next(option_find("-Xarch_host"), "-Xarch_host"));
	assert_false(option_takes_next(option_find("-O"), "-O"));
	assert_false(option_takes_next(option_find("-c"), "-c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_sorted_and_unique),
		cmocka_unit_test(every_row_finds_itself),
		cmocka_unit_test(a_longer_word_is_not_an_exact_row),
		cmocka_unit_test(a_plain_command_is_not_parsed_or_probed_for),
		cmocka_unit_test(the_longest_row_wins),
		cmocka_unit_test(what_is_no_option_has_no_row),
		cmocka_unit_test(values_are_where_the_arity_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
