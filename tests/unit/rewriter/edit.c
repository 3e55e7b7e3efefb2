/* The edits: texts and a plan in, texts out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "edit.h"
#include "finder.h"
#include "hooks.h"
#include "plan.h"
#include "pool.h"
#include "rewrite.h"
#include "unit.h"

static struct pool *pool;

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

/* The length of the "m::" ahead of the name at AT. */
static size_t qualifier_ahead(const char *at)
{
	return !strncmp(at - 3, "m::", 3) ? 3 : !strncmp(at - 5, "m :: ", 5) ? 5 : 0;
}

/* What TEXT reads like when the calls of close in it, found by plain search, are all that
 * the finder found. Each line that begins with "int" is a function. */
static const char *rewrite(
	const char *text, struct edit_style style, const struct target *as)
{
	struct unit_file file = {.name = "a.c",
		.text = text,
		.length = strlen(text),
		.inclusions = 1,
		.includer = NO_FILE,
		.has_pragma = true};
	const struct unit unit = {.pool = pool, .files = &file, .nfiles = 1};
	struct toplevel tops[8];
	struct reference references[8];
	struct target target = *as;
	struct findings found = {.tops = tops,
		.targets = &target,
		.ntargets = 1,
		.references = references};
	struct edit_list list = {.pool = pool};
	struct rewritten_file *files;
	struct plan plan;

	for (const char *at = text; (at = strstr(at, "int f")); at++) {
		const char *end = strchr(at, '}');
		size_t begin = (size_t)(at - text),
		       body = (size_t)(strchr(at, '{') + 1 - text);
		tops[found.ntops] = (struct toplevel){
			0, begin, (size_t)(end + 1 - text), body, found.ntops + 1};
		for (const char *call = at;
			(call = strstr(call, target.name)) && call < end; call++)
			references[found.nreferences++] =
				(struct reference){.at.offset = (size_t)(call - text),
					.at.use_offset = (size_t)(call - text),
					.top = found.ntops,
					.is_call = true,
					.qualifier = qualifier_ahead(call),
					.obstacles = call[strlen(target.name)] == '!'
							     ? OBSTACLE_SHARED
							     : 0};
		found.ntops++;
	}
	plan_make(&plan, &unit, &found, &(struct rewrite_request){0});
	edit_list_make(&list, &unit, &found, &plan, style);
	if (!edit_files(&list, &unit, &files))
		return text;
	assert_string_equal(files->path, "a.c");
	assert_int_equal(files->length, strlen(files->text));
	return files->text;
}

static struct target target_of(const char *name)
{
	return (struct target){.row = hooks_find(name, strlen(name)),
		.name = name,
		.symbol = name,
		.attributes = "",
		.by_libc = true};
}

static const struct edit_style plain;

static void names_and_one_declaration(void **state)
{
	const struct target close = target_of("close");

	(void)state;
	assert_string_equal(
		rewrite("x;\nint f1() { close(close(1)); }\nint f2() { close(2); }\n",
			plain, &close),
		"x; extern __typeof__(close) co_close;\n"
		"int f1() { co_close(co_close(1)); }\nint f2() { co_close(2); }\n");
	assert_string_equal(
		rewrite("#include <x>\nint f1() { close(1); }", plain, &close),
		"#include <x>\nextern __typeof__(close) co_close; int f1() { "
		"co_close(1); }");
	assert_string_equal(rewrite("int f1() { }\n", plain, &close), "int f1() { }\n");
}

static void an_earlier_clean_place_is_preferred(void **state)
{
	struct target close = target_of("close");
	const char *text = "x;\nint f1() { }\n#if 1\nint f2() { close(1); }\n";

	(void)state;
	assert_string_equal(rewrite(text, plain, &close),
		"x; extern __typeof__(close) co_close;\nint f1() { }\n#if 1\nint f2() { "
		"co_close(1); }\n");
	/* but not ahead of libc's own declaration */
	close.declared = 1;
	assert_string_equal(rewrite(text, plain, &close),
		"x;\nint f1() { }\n#if 1\nextern __typeof__(close) co_close; int f2() { "
		"co_close(1); }\n");
}

static void pragmas_are_blanked(void **state)
{
	const struct target close = target_of("close");

	(void)state;
	assert_string_equal(
		rewrite("#pragma cohook off\nint f1() { close(1); }\n", plain, &close),
		"                  \nint f1() { close(1); }\n");
}

static void symbols_and_attributes_are_declared(void **state)
{
	struct target fcntl = target_of("fcntl");

	(void)state;
	fcntl.symbol = "fcntl64";
	fcntl.attributes = " __attribute__((__nonnull__(1)))";
	assert_string_equal(rewrite("\nint f1() { fcntl(1); }\n", plain, &fcntl),
		"extern __typeof__(fcntl) co_fcntl __asm__(\"co_fcntl64\") "
		"__attribute__((__nonnull__(1)));\n"
		"int f1() { co_fcntl(1); }\n");
}

static void unions_are_muted(void **state)
{
	const struct edit_style pedantic = {.pedantic = true};
	struct target connect = target_of("connect");

	(void)state;
	connect.takes_union = true;
	assert_string_equal(
		rewrite("\nint f1() { !connect(1); ( connect )(1); (connect, 1); }\n",
			pedantic, &connect),
		"extern __typeof__(connect) co_connect;\n"
		"int f1() { !__extension__ co_connect(1); __extension__ ( co_connect "
		")(1); "
		"(__extension__ co_connect, 1); }\n");
}

static void cxx_names_the_global_one(void **state)
{
	struct target close = target_of("close");

	(void)state;
	close.cxx = true;
	assert_string_equal(rewrite("\nint f1() { close(1); }\n", plain, &close),
		"extern \"C\" { extern __typeof__(::close) co_close; }\n"
		"int f1() { co_close(1); }\n");
	const char *text = rewrite("\nint f1() { close!(1); }\n", plain, &close);
	assert_non_null(strstr(text, "extern \"C\" { extern __typeof__(::close) close "
				     "__asm__(\"co_close\"); }"));
}

static void namespaces_go(void **state)
{
	const struct target close = target_of("close");

	(void)state;
	assert_string_equal(rewrite("x;\nint f1() { m::close(1); x?y:m :: close(1); }\n",
				    plain, &close),
		"x; extern __typeof__(close) co_close;\n"
		"int f1() { ::co_close(1); x?y: ::co_close(1); }\n");
}

static void obstacles_get_a_symbol_or_an_alias(void **state)
{
	struct target close = target_of("close");

	(void)state;
	const char *text = rewrite("\nint f1() { close!(1); }\n", plain, &close);
	assert_non_null(
		strstr(text, "extern __typeof__(close) close __asm__(\"co_close\");"));
	assert_non_null(strstr(text, "\nint f1() { close!(1); }\n"));
	close.object_size = "__bos0";
	text = rewrite("\nint f1() { close!(1); }\n", plain, &close);
	assert_non_null(
		strstr(text, "extern __typeof__(close) co_close;\nint f1() { _Pragma("));
	assert_non_null(
		strstr(text, "__typeof__(close) *const close = co_close; _Pragma("));
	assert_non_null(strstr(text, " close!(1); }\n"));
}

static void checking_forms_only_where_they_are_wanted(void **state)
{
	const struct edit_style checked = {.checked = true};
	struct target read = target_of("read");

	(void)state;
	assert_null(strstr(
		rewrite("\nint f1() { read(1); }\n", checked, &read), "co___read_chk"));
	read.object_size = "__bos0";
	assert_null(strstr(
		rewrite("\nint f1() { read(1); }\n", plain, &read), "co___read_chk"));
	const char *text = rewrite("\nint f1() { read(1); }\n", checked, &read);
	assert_non_null(strstr(text, "co___read_chk(__fd, __buf, __n, __bos0(__buf))"));
	assert_string_equal(strchr(text, '\n'), "\nint f1() { co_read(1); }\n");
}

static void edits_are_applied_in_order(void **state)
{
	const struct edit edits[] = {
		{0, 0, 0, "<"}, {0, 2, 3, ""}, {0, 6, 1, "long"}, {0, 8, 0, ">"}};
	char *result;

	(void)state;
	assert_int_equal(edit_apply(pool, "01234567", 8, edits, 4, &result), 10);
	assert_string_equal(result, "<015long7>");
	assert_int_equal(edit_apply(pool, "01", 2, edits, 0, &result), 2);
	assert_string_equal(result, "01");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_one_declaration),
		cmocka_unit_test(an_earlier_clean_place_is_preferred),
		cmocka_unit_test(pragmas_are_blanked),
		cmocka_unit_test(symbols_and_attributes_are_declared),
		cmocka_unit_test(unions_are_muted),
		cmocka_unit_test(cxx_names_the_global_one),
		cmocka_unit_test(namespaces_go),
		cmocka_unit_test(obstacles_get_a_symbol_or_an_alias),
		cmocka_unit_test(checking_forms_only_where_they_are_wanted),
		cmocka_unit_test(edits_are_applied_in_order),
	};

	return cmocka_run_group_tests(tests, make_pool, free_pool);
}
