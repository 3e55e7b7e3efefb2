/* The text ahead of a name. The name is always `name`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "surroundings.h"

static size_t place(const char *text)
{
	return (size_t)(strstr(text, "name") - text);
}

static void namespaces_are_simple(void **state)
{
	static const char *const simple[] = {"m::name", "::m::name", "a1 :: b_2\t::name"};
	static const char *const other[] = {
		"name", "m", "m::\nname", "m/*x*/::name", "M(a)::name", "m::\\\nname"};

	(void)state;
	for (size_t i = 0; i < sizeof simple / sizeof *simple; i++)
		assert_true(surroundings_are_simple(simple[i], 0, place(simple[i])));
	for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
		const char *end = strstr(other[i], "name");
		size_t length = end ? (size_t)(end - other[i]) : strlen(other[i]);
		assert_false(surroundings_are_simple(other[i], 0, length));
	}
}

static void decltype_is_seen(void **state)
{
	static const char *const types[] = {
		"decltype(name)", "x = decltype ( name)", "__typeof__\n(name)"};
	static const char *const other[] = {
		"name", "f(name)", "mydecltype(name)", "(name)"};

	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		assert_true(surroundings_are_typeof(types[i], place(types[i])));
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		assert_false(surroundings_are_typeof(other[i], place(other[i])));
}

static void arguments_of_templates_are_seen(void **state)
{
	static const char *const templates[] = {"guard<name> g", "guard<&name>",
		"guard<int, &name>", "guard<(&name)>", "m<pair<a, b>, name>",
		"m<sizeof(int), name>", "template <int (*F)(int) = name> struct s",
		"g<decltype(&x), name>", "f<name>(3)", "g<f(a > b), name>"};
	static const char *const other[] = {"name", "auto f = name;", "f(name)",
		"f(a, name)", "f<int>(name)", "call<guard<int>>(1, name)", "{a, name}",
		"a < b && c == name", "cout << name", "x <= y, name",
		"if (a < b) f = name", "p->f = name", "a < b ? name : c",
		"std::pair<a, b> p = name", "v[i < 3] = name"};

	(void)state;
	for (size_t i = 0; i < sizeof templates / sizeof *templates; i++)
		if (!surroundings_are_template(templates[i], place(templates[i])))
			fail_msg("missed: %s", templates[i]);
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		if (surroundings_are_template(other[i], place(other[i])))
			fail_msg("wrongly: %s", other[i]);
}

static bool in_namesake(const char *text)
{
	const char *use = strstr(text, "name");

	for (const char *next = use; next; next = strstr(next + 1, "name"))
		use = next;
	return surroundings_are_namesake(
		text, strlen(text), (size_t)(use - text), "name");
}

static void macros_of_that_name_are_seen(void **state)
{
	static const char *const namesakes[] = {"#define name name",
		"int x;\n # define name \\\n  (name)", "#define/**/name f(1, name)"};
	static const char *const other[] = {"name", "#define name(x) name",
		"#define names name", "#define f name", "#undef name\nname",
		"#define name 1\nname", "define name name"};

	(void)state;
	for (size_t i = 0; i < sizeof namesakes / sizeof *namesakes; i++)
		if (!in_namesake(namesakes[i]))
			fail_msg("missed: %s", namesakes[i]);
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		if (in_namesake(other[i]))
			fail_msg("wrongly: %s", other[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(namespaces_are_simple),
		cmocka_unit_test(decltype_is_seen),
		cmocka_unit_test(arguments_of_templates_are_seen),
		cmocka_unit_test(macros_of_that_name_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
