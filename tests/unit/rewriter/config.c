/* The .cohook file: what its lines mean, and what is said about those that mean nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "config.h"
#include "pool.h"

static struct pool *pool;
static struct config config;

static int set_up(void **state)
{
	(void)state;
	pool = pool_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pool_free(pool);
	return 0;
}

static const char *trouble_of(const char *text)
{
	const char *trouble = NULL;

	config = (struct config){.pool = pool, .path = "/p/.cohook", .folder = "/p"};
	int err = config_parse(&config, text, strlen(text), &trouble);
	assert_int_equal(!err, !trouble);
	return trouble;
}

static void accept(const char *text)
{
	const char *trouble = trouble_of(text);

	if (trouble)
		fail_msg("%s", trouble);
}

static void assert_refused(const char *text, const char *trouble)
{
	const char *found = trouble_of(text);

	assert_non_null(found);
	assert_string_equal(found, trouble);
}

static const char *file(const char *path)
{
	const char *why = config_keeps_file(&config, pool, path);

	return why ? why : "in";
}

static const char *function(const char *name)
{
	const struct hook *row = config_hook(&config, name, strlen(name));

	assert_non_null(row);
	const char *why = config_keeps_function(&config, pool, row);
	return why ? why : "in";
}

static void no_file_and_an_empty_one_keep_nothing(void **state)
{
	enum threads_mode mode = THREADS_FIBER;
	const struct hook *row = config_hook(NULL, "read", 4);

	(void)state;
	assert_non_null(row);
	assert_null(config_keeps_file(NULL, pool, "/p/a.c"));
	assert_null(config_keeps_function(NULL, pool, row));
	assert_int_equal(config_threads(NULL, "/p/a.c", &mode), 0);
	assert_int_equal(mode, THREADS_FIBER);

	accept("");
	accept("\n# nothing\n\t # [files]\r\n[files]\n[threads]");
	assert_string_equal(file("/p/a.c"), "in");
	assert_string_equal(function("read"), "in");
}

static void a_pattern_is_a_path_a_folder_or_a_glob(void **state)
{
	(void)state;
	accept("[files]\nexclude = a.c lib \"odd name.c\"\nexclude=x*.c\nexclude = "
	       "deep/er/\n");
	assert_string_equal(file("/p/a.c"), "excluded by /p/.cohook:2");
	assert_string_equal(file("/p/lib/b.c"), "excluded by /p/.cohook:2");
	assert_string_equal(file("/p/lib/c/b.c"), "excluded by /p/.cohook:2");
	assert_string_equal(file("/p/odd name.c"), "excluded by /p/.cohook:2");
	assert_string_equal(file("/p/x/y.c"), "excluded by /p/.cohook:3");
	assert_string_equal(file("/p/deep/er/b.c"), "excluded by /p/.cohook:4");
	assert_string_equal(file("/p/b/a.c"), "in");
	assert_string_equal(file("/p/library.c"), "in");
	assert_string_equal(file("/p/odd"), "in");
}

static void files_outside_are_named_by_absolute_patterns(void **state)
{
	(void)state;
	accept("[files]\nexclude = *\nexclude = /opt/x\n");
	assert_string_equal(file("/p/a.c"), "excluded by /p/.cohook:2");
	assert_string_equal(file("/opt/x/a.h"), "excluded by /p/.cohook:3");
	assert_string_equal(file("/opt/y/a.h"), "in");
	assert_string_equal(file("/pp/a.c"), "in");
}

static void the_last_line_decides(void **state)
{
	(void)state;
	accept("[files]\nexclude = lib\ninclude = lib/net.c\n");
	assert_string_equal(file("/p/lib/a.c"), "excluded by /p/.cohook:2");
	assert_string_equal(file("/p/lib/net.c"), "in");
	assert_string_equal(file("/p/a.c"), "in");
	accept("[files]\ninclude = lib\nexclude = lib/net.c\n");
	assert_string_equal(file("/p/lib/a.c"), "in");
	assert_string_equal(file("/p/lib/net.c"), "excluded by /p/.cohook:3");
	assert_string_equal(file("/p/a.c"), "not included by /p/.cohook:2");
}

static void a_function_has_its_other_spellings_with_it(void **state)
{
	(void)state;
	accept("[functions]\nleave = fcntl pthread_*\n");
	assert_string_equal(function("fcntl"), "left by /p/.cohook:2");
	assert_string_equal(function("fcntl64"), "left by /p/.cohook:2");
	assert_string_equal(function("pthread_join"), "left by /p/.cohook:2");
	assert_string_equal(function("recvfrom"), "in");
	accept("[functions]\nhook = read\n[mappings]\nmine = theirs\n");
	assert_string_equal(function("read"), "in");
	assert_string_equal(function("write"), "not among those to hook of /p/.cohook:2");
	assert_string_equal(function("mine"), "in");
	accept("[functions]\nleave = mine\n[mappings]\nmine = theirs\n");
	assert_string_equal(function("mine"), "left by /p/.cohook:2");
}

static void threads_go_by_path(void **state)
{
	enum threads_mode mode = THREADS_OS;

	(void)state;
	accept("[threads]\nfiber = server\nos = server/log.c\n");
	assert_int_equal(config_threads(&config, "/p/server/a.c", &mode), 2);
	assert_int_equal(mode, THREADS_FIBER);
	assert_int_equal(config_threads(&config, "/p/server/log.c", &mode), 3);
	assert_int_equal(mode, THREADS_OS);
	assert_int_equal(config_threads(&config, "/p/a.c", &mode), 0);
}

static void a_mapping_is_a_row(void **state)
{
	const struct hook *row;

	(void)state;
	accept("[mappings]\nmy_read = my_co_read io.h\nplain=co\nread = quick "
	       "<sys/q.h>\n");
	row = config_hook(&config, "my_read", 7);
	assert_int_equal(row->kind, HOOK_MAPPED);
	assert_string_equal(row->target, "my_co_read");
	assert_string_equal(row->header, "\"io.h\"");
	assert_null(config_hook(&config, "my_rea", 6));
	assert_null(config_hook(&config, "plain", 5)->header);
	row = config_hook(&config, "read", 4);
	assert_string_equal(row->target, "quick");
	assert_string_equal(row->header, "<sys/q.h>");
	assert_int_equal(config_hook(&config, "write", 5)->kind, HOOK_MIRROR);
}

static void what_is_not_understood_is_refused_by_line(void **state)
{
	static const struct {
		const char *text, *trouble;
	} cases[] = {
		{"\n[paths]\n", "2: unknown section [paths]; there are [files], "
				"[functions], [threads] and [mappings]"},
		{"[files] x\n", "1: unknown section [files] x; there are [files], "
				"[functions], [threads] and [mappings]"},
		{"a = b\n", "1: 'a' stands in no section; there are [files], "
			    "[functions], [threads] and [mappings]"},
		{"[files]\n\nexcludes = b\n",
			"3: unknown key 'excludes'; [files] has include and exclude"},
		{"[threads]\ngreen = b\n",
			"2: unknown key 'green'; [threads] has fiber and os"},
		{"[files]\nexclude\n",
			"2: expected [SECTION], KEY = VALUE or # and a comment"},
		{"[files]\n= b\n",
			"2: expected [SECTION], KEY = VALUE or # and a comment"},
		{"[files]\nexclude = # b\n",
			"2: 'exclude' needs at least one path or pattern"},
		{"[functions]\nleave =\n", "2: 'leave' needs at least one name"},
		{"[files]\nexclude = \"a\n",
			"2: a quoted word must end in a quote and a blank"},
		{"[files]\nexclude = ../a\n",
			"2: a pattern may not contain . or .. as a folder"},
		{"[threads]\nos = a/./b\n",
			"2: a pattern may not contain . or .. as a folder"},
		{"[functions]\nleave = reed\n",
			"2: 'reed' names no hooked function; cohook hooks lists them"},
		{"[functions]\nhook = initgroups\n", "2: 'initgroups' cannot be hooked: "},
		{"[mappings]\na = b\na = c\n", "3: 'a' is mapped already, on line 2"},
		{"[mappings]\na = a\n", "2: 'a' is mapped to itself"},
		{"[mappings]\na-b = c\n", "2: 'a-b' is no name of a function"},
		{"[mappings]\na =\n", "2: expected FUNCTION = REPLACEMENT [HEADER]"},
		{"[mappings]\na = b c d\n",
			"2: expected FUNCTION = REPLACEMENT [HEADER]"},
		{"[mappings]\na = b <c\n", "2: the header must be \"NAME\" or <NAME>"},
		{"[mappings]\na = b \"\"\n", "2: the header must be \"NAME\" or <NAME>"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *trouble =
			pool_printf(pool, "/p/.cohook:%s", cases[i].trouble);
		const char *found = trouble_of(cases[i].text);
		size_t length = strlen(trouble);
		assert_non_null(found);
		/* The table's own reason may follow a colon. */
		if (trouble[length - 1] != ' ')
			assert_string_equal(found, trouble);
		else
			assert_memory_equal(found, trouble, length);
	}
}

static void a_byte_0_is_no_text(void **state)
{
	static const char text[] = "[files]\0";
	const char *trouble = NULL;

	(void)state;
	config = (struct config){.pool = pool, .path = "c", .folder = "/p"};
	assert_int_not_equal(config_parse(&config, text, sizeof text, &trouble), 0);
	assert_string_equal(trouble, "c:1: this is no text: it has a byte 0");
}

static void the_first_mistake_is_named(void **state)
{
	(void)state;
	assert_refused("[files]\nbad\nworse\n",
		"/p/.cohook:2: expected [SECTION], KEY = VALUE or # and a comment");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_file_and_an_empty_one_keep_nothing),
		cmocka_unit_test(a_pattern_is_a_path_a_folder_or_a_glob),
		cmocka_unit_test(files_outside_are_named_by_absolute_patterns),
		cmocka_unit_test(the_last_line_decides),
		cmocka_unit_test(a_function_has_its_other_spellings_with_it),
		cmocka_unit_test(threads_go_by_path),
		cmocka_unit_test(a_mapping_is_a_row),
		cmocka_unit_test(what_is_not_understood_is_refused_by_line),
		cmocka_unit_test(a_byte_0_is_no_text),
		cmocka_unit_test(the_first_mistake_is_named),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
