/* Conditions: what they take for dead is so for a compiler; nested and malformed ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "conditions.h"

/* Names that the texts below never define begin so. */
static bool is_undefined(const void *context, const char *name, size_t length)
{
	(void)context;
	return length > 2 && !memcmp(name, "NO", 2);
}

struct reading {
	struct conditions conditions;
	bool dead[4096]; /* by the number of a marker: m17 */
	size_t ndead;
};

static void read_text(struct reading *reading, const char *text)
{
	struct conditions *conditions = &reading->conditions;
	struct lexer lexer;
	struct token token;

	*reading = (struct reading){.conditions.undefined = is_undefined};
	lex_open(&lexer, text, strlen(text));
	while ((token = lex_code(&lexer)).kind != TOKEN_END) {
		if (token.kind == TOKEN_DIRECTIVE) {
			if (!conditions_read(conditions, &lexer, lex_code(&lexer)))
				while (lex_code(&lexer).kind != TOKEN_NEWLINE)
					;
		} else if (text[token.begin] == 'm' && conditions_dead(conditions)) {
			reading->dead[strtoul(text + token.begin + 1, NULL, 10)] = true;
			reading->ndead++;
		}
	}
}

static void check(const char *condition, bool dead, bool dead_else)
{
	char text[512];
	struct reading reading;

	snprintf(text, sizeof text, "%s\nm1\n#else\nm2\n#endif\nm3\n", condition);
	read_text(&reading, text);
	if (reading.dead[1] != dead || reading.dead[2] != dead_else || reading.dead[3] ||
		reading.conditions.doubt || reading.conditions.depth)
		fail_msg("%s: %d %d", condition, reading.dead[1], reading.dead[2]);
}

static void what_is_known_is_dead(void **state)
{
	(void)state;
	check("#if 0", true, false);
	check("#if 1", false, true);
	check("#if 0L", true, false);
	check("#ifdef NO_A", true, false);
	check("#ifndef NO_A", false, true);
	check("#if defined(NO_A)", true, false);
	check("#if !defined NO_A", false, true);
	check("#if NO_A", true, false);
	check("#if (NO_A)", true, false);
	check("#if !NO_A && 1", false, true);
	check("#if defined(YES) && defined(NO_A)", true, false);
	check("#if defined(YES) || !defined(NO_A)", false, true);
	check("#if NO_A && YES(3, 4)", false, false); /* a comma: not understood */
	check("#if NO_A && YES(3) > 4", true, false);
	check("#if NO_A || (NO_B && YES == 3)", true, false);
	check("#if YES == 3 && NO_A", true, false);
	check("#if NO_A && \\\n YES", true, false);
	check("#if /* a\n b */ NO_A // && YES", true, false);
	check("#  ifdef NO_A", true, false);
}

static void what_is_not_known_is_alive(void **state)
{
	static const char *const texts[] = {"#if YES", "#ifdef YES", "#if NO_A == 0",
		"#if NO_A + 1", "#if NO_A < 3", "#if !NO_A == 0", "#if NO_A(3)",
		"#if 1 == 0", "#if 00", "#if 10", "#if NO_A ? 0 : 1", "#if -NO_A",
		"#if ~0", "#if 'a'", "#if YES && NO_A == 0", "#if NO_A || YES",
		"#if __has_include(<NO_A>)", "#if (NO_A", "#if NO_A)", "#if",
		"#if defined", "#ifdef", "#if NO_A && (", "#if 0 || YES", "#if 1 && YES",
		"#if (0) == (0)", "#if !(YES)", "#if NO_A | 1", "#if !0 == 0", NULL};

	(void)state;
	for (size_t i = 0; texts[i]; i++)
		check(texts[i], false, false);
}

static void chains_and_nests_are_followed(void **state)
{
	struct reading reading;

	(void)state;
	read_text(&reading,
		"#if NO_A\nm1\n#elif YES\nm2\n#elif 1\nm3\n#elif YES\nm4\n#else\n"
		"m5\n#endif\nm6\n");
	assert_true(reading.dead[1] && !reading.dead[2] && !reading.dead[3]);
	assert_true(reading.dead[4] && reading.dead[5] && !reading.dead[6]);
	read_text(&reading,
		"#if NO_A\n#if 1\nm1\n#else\nm2\n#endif\nm3\n#else\nm4\n#if 0\nm5\n"
		"#endif\nm6\n#endif\n");
	assert_true(reading.dead[1] && reading.dead[2] && reading.dead[3]);
	assert_true(!reading.dead[4] && reading.dead[5] && !reading.dead[6]);
}

static void what_does_not_match_is_doubted(void **state)
{
	static const char *const texts[] = {
		"#endif\n", "#else\n", "#elif 1\n", "#if 1\n#endif\n#endif\n", NULL};
	char deep[CONDITIONS_DEPTH * 8];
	struct reading reading;

	(void)state;
	for (size_t i = 0; texts[i]; i++) {
		read_text(&reading, texts[i]);
		assert_true(reading.conditions.doubt);
	}
	*deep = 0;
	for (size_t i = 0; i <= CONDITIONS_DEPTH; i++)
		strcat(deep, "#if 1\n");
	read_text(&reading, deep);
	assert_true(reading.conditions.doubt);
	read_text(&reading, "#if 1\n");
	assert_int_equal(reading.conditions.depth, 1);
}

/* --- the same as a preprocessor, on conditions made at random --- */

static unsigned seed = 2463534242;

static unsigned draw(unsigned below)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % below;
}

static char *operand(char *end)
{
	static const char *const operands[] = {"0", "1", "2", "NO_A", "NO_B", "YES",
		"ZERO", "defined(NO_A)", "defined NO_B", "defined(YES)", "defined ZERO",
		"NO_A == 0", "YES > 0", "ZERO != NO_A", "1 - 1", "ONE(0)", "'a'"};

	if (draw(3) == 0)
		end += sprintf(end, "!");
	return end +
	       sprintf(end, "%s", operands[draw(sizeof operands / sizeof *operands)]);
}

static char *expression(char *end, unsigned depth)
{
	for (unsigned left = 1 + draw(3); left; left--) {
		if (depth && draw(3) == 0) {
			end += sprintf(end, draw(2) ? "(" : "!(");
			end = expression(end, depth - 1);
			end += sprintf(end, ")");
		} else {
			end = operand(end);
		}
		if (left > 1)
			end += sprintf(end, draw(2) ? " && " : " || ");
	}
	return end;
}

/* A line; by a name alone only with #if. */
static char *condition(char *end, const char *word)
{
	static const char *const names[] = {"NO_A", "YES", "ZERO", "NO_B"};

	if (!strcmp(word, "if") && draw(3) == 0)
		return end +
		       sprintf(end, "#if%sdef %s\n", draw(2) ? "n" : "", names[draw(4)]);
	end += sprintf(end, "#%s ", word);
	end = expression(end, 2);
	return end + sprintf(end, "\n");
}

static char *group(char *end, unsigned depth, unsigned *markers);

static char *chain(char *end, unsigned depth, unsigned *markers)
{
	end = condition(end, "if");
	end = group(end, depth, markers);
	for (unsigned i = draw(3); i; i--) {
		end = condition(end, "elif");
		end = group(end, depth, markers);
	}
	if (draw(2)) {
		end += sprintf(end, "#else\n");
		end = group(end, depth, markers);
	}
	return end + sprintf(end, "#endif\n");
}

static char *group(char *end, unsigned depth, unsigned *markers)
{
	end += sprintf(end, "m%u\n", (*markers)++);
	if (depth && draw(2)) {
		end = chain(end, depth - 1, markers);
		end += sprintf(end, "m%u\n", (*markers)++);
	}
	return end;
}

/* Marks in ALIVE what cpp leaves of TEXT. */
static void preprocess(const char *text, bool *alive, size_t room)
{
	char path[] = "/tmp/cohook-conditions-XXXXXX.c", command[128], line[256];
	int fd = mkstemps(path, 2);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	snprintf(command, sizeof command, "cc -E -P %s", path);
	FILE *stream = popen(command, "r");
	assert_non_null(stream);
	while (fgets(line, sizeof line, stream))
		for (char *mark = strchr(line, 'm'); mark; mark = strchr(mark + 1, 'm')) {
			size_t number = strtoul(mark + 1, NULL, 10);
			assert_in_range(number, 1, room - 1);
			alive[number] = true;
		}
	assert_int_equal(pclose(stream), 0);
	unlink(path);
}

static void a_preprocessor_agrees(void **state)
{
	enum { MARKERS = 4000, ROOM = 1024 * 1024 };
	static struct reading reading;
	static bool alive[4096];
	char *text = malloc(ROOM), *end = text;
	unsigned markers = 1, gone = 0;

	(void)state;
	assert_non_null(text);
	end += sprintf(end, "#define YES 1\n#define ZERO 0\n#define ONE(x) 1\n");
	while (markers < MARKERS && end - text < ROOM - 64 * 1024)
		end = chain(end, 2, &markers);
	read_text(&reading, text);
	assert_false(reading.conditions.doubt);
	preprocess(text, alive, sizeof alive);
	for (unsigned i = 1; i < markers; i++) {
		if (reading.dead[i] && alive[i])
			fail_msg("m%u is alive", i);
		gone += !alive[i];
	}
	/* It must be of use, too. */
	assert_in_range(reading.ndead, gone / 4, gone);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_known_is_dead),
		cmocka_unit_test(what_is_not_known_is_alive),
		cmocka_unit_test(chains_and_nests_are_followed),
		cmocka_unit_test(what_does_not_match_is_doubted),
		cmocka_unit_test(a_preprocessor_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
