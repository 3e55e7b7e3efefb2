/* Tokens of C text: what is a name, where comments, strings and directives end, what
 * raises doubt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lex.h"

/* The tokens of TEXT, each as a letter for its kind and its text. */
static const char *spell(const char *text, bool *doubt)
{
	static const char kinds[] = "?n0s'pc#$";
	static char spelt[2048];
	struct lexer lexer;
	struct token token;
	size_t used = 0;

	*spelt = '\0';
	lex_open(&lexer, text, strlen(text));
	while ((token = lex_next(&lexer)).kind != TOKEN_END) {
		bool newline = token.kind == TOKEN_NEWLINE;
		used += (size_t)snprintf(spelt + used, sizeof spelt - used, "%s%c%.*s",
			used ? " " : "", kinds[token.kind],
			newline ? 0 : (int)(token.end - token.begin), text + token.begin);
	}
	if (doubt)
		*doubt = lexer.doubt;
	return spelt;
}

static void names_numbers_and_punctuation(void **state)
{
	(void)state;
	assert_string_equal(spell("a->b+=c++ ## 1'000.5e+3 .5 x.y", NULL),
		"na p-> nb p+= nc p++ p## 01'000.5e+3 0.5 nx p. ny");
	assert_string_equal(spell("$x _y1 \xc3\xa9", NULL), "n$x n_y1 n\xc3\xa9");
}

static void strings_and_characters(void **state)
{
	(void)state;
	assert_string_equal(spell("\"a\\\"b\" L\"c\" u8'd' 'it\\'s' R", NULL),
		"s\"a\\\"b\" sL\"c\" 'u8'd' ''it\\'s' nR");
	assert_string_equal(spell("\"open\nnext", NULL), "s\"open nnext");
	assert_string_equal(spell("\"go\\\non\" x", NULL), "s\"go\\\non\" nx");
}

static void raw_strings_end_where_they_say(void **state)
{
	(void)state;
	assert_string_equal(spell("R\"(a\"b\\)\" x", NULL), "sR\"(a\"b\\)\" nx");
	assert_string_equal(spell("u8R\"-(;\n)\" // }\n)-\" x", NULL),
		"su8R\"-(;\n)\" // }\n)-\" nx");
	/* Not so: a delimiter with a blank, or no end. */
	assert_string_equal(spell("R\"a (\" x)a \"", NULL), "sR\"a (\" nx p) na s\"");
	assert_string_equal(spell("R\"(x\ny", NULL), "sR\"(x ny");
}

static void comments(void **state)
{
	(void)state;
	assert_string_equal(
		spell("a/*b\n*/c//d\\\ne\nf", NULL), "na c/*b\n*/ nc c//d\\\ne nf");
	assert_string_equal(spell("a /* open", NULL), "na c/* open");
	assert_string_equal(spell("\"/*\" a \"*/\"", NULL), "s\"/*\" na s\"*/\"");
}

static void directives(void **state)
{
	(void)state;
	assert_string_equal(spell("a # b\n # define X \\\n y\nz", NULL),
		"na p# nb ## ndefine nX ny $ nz");
	assert_string_equal(spell("/* c */ #if x", NULL), "c/* c */ ## nif nx $");
	assert_string_equal(spell("#include <sys//a'b.h>\n<x>", NULL),
		"## ninclude s<sys//a'b.h> $ p< nx p>");
	assert_string_equal(
		spell("#error don't\n'x'", NULL), "## nerror ndon ''t $ ''x'");
	assert_string_equal(spell("%: x\n", NULL), "#%: nx $");
}

static void byte_order_mark_is_skipped(void **state)
{
	(void)state;
	assert_string_equal(spell("\xef\xbb\xbf#x", NULL), "## nx $");
}

static void doubtful_text_is_noticed(void **state)
{
	static const char *const doubtful[] = {
		"re\\\nad", "a ?\?= b", "R\"(x)\"", "/\\\n* x */", "/* *\\\n/ x */"};
	static const char *const clear[] = {
		"re \\\nad", "re\\\n ad", "a ? b : c", "/* ** */ \"?\?=\""};
	bool doubt;

	(void)state;
	for (size_t i = 0; i < sizeof doubtful / sizeof *doubtful; i++) {
		spell(doubtful[i], &doubt);
		if (!doubt)
			fail_msg("no doubt about %s", doubtful[i]);
	}
	for (size_t i = 0; i < sizeof clear / sizeof *clear; i++) {
		spell(clear[i], &doubt);
		if (doubt)
			fail_msg("doubt about %s", clear[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_numbers_and_punctuation),
		cmocka_unit_test(strings_and_characters),
		cmocka_unit_test(raw_strings_end_where_they_say),
		cmocka_unit_test(comments),
		cmocka_unit_test(directives),
		cmocka_unit_test(byte_order_mark_is_skipped),
		cmocka_unit_test(doubtful_text_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
