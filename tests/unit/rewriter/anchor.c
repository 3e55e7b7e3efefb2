/* Where a declaration can be put: | in these texts is the place, ^ the beginning of the
 * declaration that needs it and, if there is one, $ the end of the one before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "anchor.h"
#include "pool.h"

struct marked {
	char text[512];
	size_t place, begin, previous;
};

static struct marked read_marks(const char *text)
{
	struct marked marked = {"", (size_t)-1, (size_t)-1, 0};
	size_t used = 0;

	for (; *text; text++) {
		if (*text == '|')
			marked.place = used;
		else if (*text == '^')
			marked.begin = used;
		else if (*text == '$')
			marked.previous = used;
		else
			marked.text[used++] = *text;
	}
	return marked;
}

static void check(const char *const *texts, bool clean)
{
	for (; *texts; texts++) {
		struct marked marked = read_marks(*texts);
		struct pool *pool = pool_new();
		struct tokens tokens;
		anchor_read(&tokens, pool, marked.text, strlen(marked.text));
		struct anchor anchor =
			anchor_find(&tokens, marked.begin, marked.previous, "read");
		if (anchor.offset != marked.place || anchor.clean != clean)
			fail_msg("%s place %zu in: %s",
				anchor.clean ? "clean" : "unclean", anchor.offset,
				*texts);
		pool_free(pool);
	}
}

static void ends_of_lines(void **state)
{
	static const char *const texts[] = {
		"int x$;|\n^int f(void);",
		"int x$;|  \n^int f(void);",
		"int f(void) {}$\n\n|\n\t^int g(void);",
		"#include <a.h>\n|\n^int f(void);",
		"|\n^int f(void);",
		"int x$;|\r\n^int f(void);",
		"int x$;| \\\n^int f(void);",
		"int x$; int y;|\n^int f(void);",
		NULL,
	};

	(void)state;
	check(texts, true);
}

static void comments_are_moved_at_most(void **state)
{
	static const char *const texts[] = {
		"int x$; |// c\n^int f(void);",
		"int x$; /* c */|\n^int f(void);",
		"int x$;|\n/* c\n */ ^int f(void);",
		"int x$; |/* c\n */ ^int f(void);",
		"int x$;\n/* c */|\n^int f(void);",
		"int x$; /* a */ |// b\n^int f(void);",
		"int x$; // c\n|\n^int f(void);",
		"// c\n|\n^int f(void);",
		"|// c\n^int f(void);",
		NULL,
	};

	(void)state;
	check(texts, true);
}

static void directives_take_nothing(void **state)
{
	static const char *const texts[] = {
		"int x$;|\n#define A 1\n^int f(void);",
		"int x$;|\n#define A \\\n 1\n#pragma omp simd\n# 3 \"x\"\n#\n#undef "
		"B\n^int f(void);",
		"int x$;|\n  #define A /* c\n */ 1\n^int f(void);",
		"int x$;\n#define A 1\n|\n^int f(void);",
		"int x$;\n#if A\n|\n^int f(void);",
		NULL,
	};

	(void)state;
	check(texts, true);
}

static void what_belongs_to_the_declaration(void **state)
{
	static const char *const texts[] = {
		"int x$;|\n[[noreturn]]\n^int f(void);",
		"int x$;|\n__extension__ ^int f(void);",
		"int g(void)$ __attribute__((x));|\nAPI(a, b)\n// c\n^int f(void);",
		"int g(void) {}$|\nEMPTY\n#define A 1\n^int f(void);",
		"int x;\n$DEFINE(x, y)|\n^int f(void);",
		"int x;\n$DEFINE|\n^int f(void);",
		"int g(void) { $END(x)|\n^int f(void);",
		"#include <a.h>\n|\nAPI ^int f(void);",
		NULL,
	};

	(void)state;
	check(texts, true);
}

static void there_is_no_clean_place(void **state)
{
	static const char *const texts[] = {
		"#include <a.h>\n|^int f(void);",
		"int x$;\n#if A\n|^int f(void);",
		"int x$;\n#endif\n|^int f(void);",
		"int x$;\n#define read my_read\n|^int f(void);",
		"int x$;\n#undef read\n|^int f(void);",
		"int x$; |^int f(void);",
		"int x$; /* c */ |^int f(void);",
		"int f(void) {}$|^int g(void);",
		"|^int f(void);",
		"int x$;\n#if A\n|[[a]] ^int f(void);",
		NULL,
	};

	(void)state;
	check(texts, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_of_lines),
		cmocka_unit_test(comments_are_moved_at_most),
		cmocka_unit_test(directives_take_nothing),
		cmocka_unit_test(what_belongs_to_the_declaration),
		cmocka_unit_test(there_is_no_clean_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
