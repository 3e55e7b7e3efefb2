/* What the wrapper makes of compiler command lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "argvec.h"
#include "cmdline.h"

static struct cmdline line;
static struct settings settings;

static void parse(const char *command)
{
	struct argvec words = {0}, before = {0};

	settings = (struct settings){0};
	argvec_split(&words, command);
	argvec_push(&before, "cc");
	cmdline_parse(&line, &before, argvec_argv(&words), &settings);
}

/* The words with spaces between them. */
static const char *joined(const struct argvec *words)
{
	static char text[4096];

	*text = 0;
	for (size_t i = 0; i < words->count; i++) {
		strcat(text, i ? " " : "");
		strcat(text, words->items[i]);
	}
	return text;
}

static void assert_input(size_t index, const char *path, enum input_kind kind)
{
	assert_true(index < line.ninputs);
	assert_string_equal(line.inputs[index].path, path);
	assert_int_equal(line.inputs[index].kind, kind);
}

static void stages(void **state)
{
	static const struct {
		const char *command;
		enum stage stage;
	} rows[] = {
		{"-c a.c", STAGE_COMPILE}, {"-S a.c -o -", STAGE_COMPILE},
		{"--compile a.c", STAGE_COMPILE}, {"a.c", STAGE_LINK},
		{"a.o -o a", STAGE_LINK}, {"-v a.c", STAGE_LINK},
		{"-shared a.o", STAGE_LINK}, {"", STAGE_PLAIN}, {"-v", STAGE_PLAIN},
		{"-Wl,--version", STAGE_PLAIN}, {"--version a.c", STAGE_PLAIN},
		{"-E a.c", STAGE_PLAIN}, {"-c -E a.c", STAGE_PLAIN},
		{"-M a.c", STAGE_PLAIN}, {"-MM a.c", STAGE_PLAIN},
		{"-### -c a.c", STAGE_PLAIN}, {"-fsyntax-only a.c", STAGE_PLAIN},
		{"-c a.c --print-search-dirs", STAGE_PLAIN},
		{"-dumpmachine", STAGE_PLAIN}, {"-print-file-name=libc.a", STAGE_PLAIN},
		{"-c a.h", STAGE_PLAIN}, {"-x c-header a.x -o a.x.gch", STAGE_PLAIN},
		{"-Xclang -emit-pch -c a.c", STAGE_PLAIN},
		{"--help=warnings", STAGE_PLAIN},
		{"-c a.c -o", STAGE_PLAIN}, /* the compiler will complain */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		parse(rows[i].command);
		if (line.stage != rows[i].stage)
			fail_msg("%s: stage %d", rows[i].command, line.stage);
	}
}

static void inputs_have_kinds(void **state)
{
	(void)state;
	parse("a.c b.cc c.o d.S e.i f.h.c -lm dir.x/g libh.so.1 -");
	assert_int_equal(line.ninputs, 10);
	assert_input(0, "a.c", INPUT_C);
	assert_input(1, "b.cc", INPUT_CXX);
	assert_input(2, "c.o", INPUT_OBJECT);
	assert_input(3, "d.S", INPUT_OTHER);
	assert_input(4, "e.i", INPUT_C_OUTPUT);
	assert_input(5, "f.h.c", INPUT_C);
	assert_input(6, "m", INPUT_LIBRARY);
	assert_input(7, "dir.x/g", INPUT_OBJECT);
	assert_input(8, "libh.so.1", INPUT_OBJECT);
	assert_input(9, "-", INPUT_OTHER);
}

static void dash_x_counts_until_it_is_taken_back(void **state)
{
	(void)state;
	parse("-x c - a.txt -x none b.o c.cc -xc++ d.c -xassembler e.c -xcpp-output f");
	assert_input(0, "-", INPUT_C);
	assert_input(1, "a.txt", INPUT_C);
	assert_input(2, "b.o", INPUT_OBJECT);
	assert_input(3, "c.cc", INPUT_CXX);
	assert_input(4, "d.c", INPUT_CXX);
	assert_input(5, "e.c", INPUT_OTHER);
	assert_input(6, "f", INPUT_C_OUTPUT);
}

static void values_are_no_inputs(void **state)
{
	static const char *const commands[] = {
		"-c -o out.c a.c",
		"-c -ivfsoverlay b.c a.c",
		"-c -include b.c -imacros c.c -isystem d.c -iquote e.c -idirafter f.c "
		"a.c",
		"-c -MF b.c -MT c.c -MQ d.c a.c",
		"-c -Xclang b.c -Xpreprocessor c.c -Xassembler d.c -Xlinker --e.c a.c",
		"-c --param b.c -T c.c -u d.c -z e.c -e f.c -L g.c a.c",
		"-c -dumpbase b.c -dumpdir c.c -aux-info d.c -wrapper e.c -mllvm f.c a.c",
		"-c -I b.c -D c.c -U d.c -A e.c -B f.c -F g.c a.c",
		"-c --sysroot b.c -isysroot c.c -target d.c -specs e.c -resource-dir f.c "
		"a.c",
		"-c -x c a.c",
	};

	(void)state;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		parse(commands[i]);
		if (line.ninputs != 1 || strcmp(line.inputs[0].path, "a.c") != 0)
			fail_msg("%s: %zu inputs", commands[i], line.ninputs);
	}
}

static void what_follows_two_dashes_is_a_file(void **state)
{
	(void)state;
	parse("-c -O2 -- -strange.c b.c --cohook-off");
	assert_int_equal(line.ninputs, 3);
	assert_input(0, "-strange.c", INPUT_C);
	assert_input(1, "b.c", INPUT_C);
	assert_input(2, "--cohook-off", INPUT_OBJECT);
	assert_false(settings.off);
}

static void our_options_are_taken_out(void **state)
{
	(void)state;
	parse("--cohook-threads=fiber -c a.c --cohook-explain -o --cohook-off");
	assert_int_equal(settings.threads, THREADS_FIBER);
	assert_true(settings.explain);
	assert_false(settings.off); /* it is the name of a file here */
	assert_string_equal(joined(&line.given), "-c a.c -o --cohook-off");
	assert_string_equal(line.output, "--cohook-off");
}

static void libclang_gets_what_it_needs_and_nothing_else(void **state)
{
	(void)state;
	parse("-c -DA=1 -D B -UC -I inc -isystem sys -include h.h -std=c99 -O2 -g -Wall "
	      "-Werror -MD "
	      "-MF x.d -fPIC -fno-common -march=native -pthread -o a.o a.c -lm "
	      "-Wl,-z,defs");
	assert_string_equal(joined(&line.parse),
		"-DA=1 -D B -UC -I inc -isystem sys -Xclang -include -Xclang h.h "
		"-std=c99 -O2 -fPIC "
		"-march=native -pthread");
}

/* "nice -n 5 ccache gcc -m64 -DA -std=c99 -E -c": a launcher's options look like a
 * compiler's. */
static void flags_of_the_compiler_count_for_the_source(void **state)
{
	struct argvec before = {0}, words = {0};

	(void)state;
	argvec_split(&before, "nice -E -n 5 ccache gcc -m64 -DA x.c -O2 -Wl,-r -o -l");
	argvec_split(&words, "-c -UA a.c");
	cmdline_parse(&line, &before, argvec_argv(&words), &settings);
	assert_int_equal(line.stage, STAGE_COMPILE);
	assert_int_equal(line.ninputs, 1);
	assert_string_equal(joined(&line.parse), "-m64 -DA -O2 -UA");
	assert_string_equal(joined(&line.given), "-c -UA a.c");
	assert_int_equal(line.probe.count, 0); /* they are part of the compiler */
	assert_null(line.output);
	assert_true(line.optimizes);
}

static void a_cxx_compiler_takes_c_for_cxx(void **state)
{
	struct argvec before = {0}, words = {0};

	(void)state;
	argvec_split(&before, "ccache /usr/bin/g++-12");
	argvec_split(&words, "-c a.c b.cc -x c c.c d.o");
	cmdline_parse(&line, &before, argvec_argv(&words), &settings);
	assert_input(0, "a.c", INPUT_CXX);
	assert_input(1, "b.cc", INPUT_CXX);
	assert_input(2, "c.c", INPUT_C);
}

static void options_for_the_preprocessor_are_opened(void **state)
{
	(void)state;
	parse("-c -Wp,-DA,-MD,x.d -Xpreprocessor -DB -Wp,-D_FORTIFY_SOURCE=2 -O1 a.c");
	assert_string_equal(joined(&line.parse), "-O1 -DA -DB -D_FORTIFY_SOURCE=2");
	assert_int_equal(line.fortify, 2);
	assert_int_equal(line.ninputs, 1);
	assert_true(line.side_is_mixed);
}

static void fortify_is_what_was_said_last(void **state)
{
	(void)state;
	parse("-c a.c");
	assert_int_equal(line.fortify, FORTIFY_DEFAULT);
	parse("-c a.c -D_FORTIFY_SOURCE");
	assert_int_equal(line.fortify, 1);
	parse("-c a.c -D_FORTIFY_SOURCE=3 -U _FORTIFY_SOURCE");
	assert_int_equal(line.fortify, 0);
	parse("-c a.c -U_FORTIFY_SOURCE -D _FORTIFY_SOURCE=2");
	assert_int_equal(line.fortify, 2);
	parse("-c a.c -D_FORTIFY_SOURCE_NOT=2");
	assert_int_equal(line.fortify, FORTIFY_DEFAULT);
}

static void optimization_levels(void **state)
{
	(void)state;
	parse("-c a.c");
	assert_false(line.optimizes);
	parse("-c a.c -O");
	assert_true(line.optimizes);
	parse("-c a.c -O2 -O0");
	assert_false(line.optimizes);
	parse("-c a.c -Os");
	assert_true(line.optimizes);
}

static void what_changes_the_facts_is_known(void **state)
{
	(void)state;
	parse("-c a.c -m32 --sysroot=/x -O2 -specs=/s -B/b -DX");
	assert_string_equal(joined(&line.probe), "-m32 --sysroot=/x -specs=/s -B/b");
}

static void what_is_in_the_way_is_named(void **state)
{
	(void)state;
	parse("-c a.c");
	assert_null(line.hard);
	parse("-c a.c -traditional-cpp");
	assert_string_equal(line.hard, "-traditional-cpp");
	parse("-c a.c -include-pch x.pch");
	assert_string_equal(line.hard, "-include-pch");
	parse("-c a.c -Xclang -include-pch -Xclang x.pch");
	assert_string_equal(line.hard, "-include-pch");
	/* As CMake writes it: the header is there in text too. */
	parse("-c a.c -Xclang -include-pch -Xclang x.pch -Xclang -include -Xclang x.h");
	assert_null(line.hard);
	assert_string_equal(joined(&line.parse), "-Xclang -include -Xclang x.h");
}

static void roles_of_words(void **state)
{
	(void)state;
	parse("-c a.c -o a.o -MMD -MF a.d -lx -Wp,-MD,b.d -xc -O2");
	static const enum role expected[] = {ROLE_OPTION, ROLE_INPUT, ROLE_OUTPUT,
		ROLE_OUTPUT, ROLE_SIDE, ROLE_SIDE, ROLE_SIDE, ROLE_LINK, ROLE_SIDE,
		ROLE_LANGUAGE, ROLE_OPTION};
	assert_int_equal(line.words.count, sizeof expected / sizeof *expected);
	for (size_t i = 0; i < line.words.count; i++)
		if (line.roles[i] != expected[i])
			fail_msg("%s: role %d", line.words.items[i], line.roles[i]);
	assert_false(line.side_is_mixed);
	parse("-c a.c -Wp,-MD,b.d,-DX");
	assert_true(line.side_is_mixed);
}

static void kinds_of_links(void **state)
{
	(void)state;
	parse("a.o -shared");
	assert_true(line.shared);
	parse("a.o -Wl,-shared");
	assert_true(line.shared);
	parse("a.o -Wl,-z,now,-r");
	assert_true(line.relocatable);
	parse("-r a.o");
	assert_true(line.relocatable);
	parse("-static a.o");
	assert_true(line.fully_static);
	parse("a.o -lx -Wl,-Bstatic -ly -Wl,-Bdynamic -l z -L. -L /lib -Wl,-lw,c.a");
	assert_int_equal(line.ninputs, 6);
	assert_false(line.inputs[1].static_only);
	assert_true(line.inputs[2].static_only);
	assert_false(line.inputs[3].static_only);
	assert_input(3, "z", INPUT_LIBRARY);
	assert_input(4, "w", INPUT_LIBRARY);
	assert_input(5, "c.a", INPUT_OBJECT);
	assert_string_equal(joined(&line.paths), ". /lib");
}

static void response_files_are_expanded(void **state)
{
	char path[] = "/tmp/cohook-test-XXXXXX";
	int fd = mkstemp(path);
	static const char text[] = "-DA='x y' \"b c.c\"\n -D\\ Z -O2\n";
	char command[64];

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
	close(fd);
	snprintf(command, sizeof command, "-c @%s @/no/such/file.c", path);
	parse(command);
	unlink(path);
	assert_int_equal(line.words.count, 6);
	assert_string_equal(line.words.items[1], "-DA=x y");
	assert_string_equal(line.words.items[3], "-D Z");
	assert_input(0, "b c.c", INPUT_C);
	assert_input(1, "@/no/such/file.c", INPUT_C);
	/* The compiler gets the file as it was. */
	assert_int_equal(line.given.count, 3);
}

static void our_options_in_a_response_file_do_not_reach_the_compiler(void **state)
{
	char path[] = "/tmp/cohook-test-XXXXXX";
	int fd = mkstemp(path);
	static const char text[] = "--cohook-strict -DA";
	char command[64];

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
	close(fd);
	snprintf(command, sizeof command, "-c a.c @%s", path);
	parse(command);
	unlink(path);
	assert_true(settings.strict);
	assert_string_equal(joined(&line.given), "-c a.c -DA");
}

static void default_outputs(void **state)
{
	(void)state;
	parse("-c dir/a.b.c");
	assert_string_equal(cmdline_default_output(&line, &line.inputs[0]), "a.b.o");
	parse("-S a.c");
	assert_string_equal(cmdline_default_output(&line, &line.inputs[0]), "a.s");
	parse("a.c");
	assert_string_equal(cmdline_default_output(&line, &line.inputs[0]), "a.out");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stages),
		cmocka_unit_test(inputs_have_kinds),
		cmocka_unit_test(dash_x_counts_until_it_is_taken_back),
		cmocka_unit_test(values_are_no_inputs),
		cmocka_unit_test(what_follows_two_dashes_is_a_file),
		cmocka_unit_test(our_options_are_taken_out),
		cmocka_unit_test(libclang_gets_what_it_needs_and_nothing_else),
		cmocka_unit_test(flags_of_the_compiler_count_for_the_source),
		cmocka_unit_test(a_cxx_compiler_takes_c_for_cxx),
		cmocka_unit_test(options_for_the_preprocessor_are_opened),
		cmocka_unit_test(fortify_is_what_was_said_last),
		cmocka_unit_test(optimization_levels),
		cmocka_unit_test(what_changes_the_facts_is_known),
		cmocka_unit_test(what_is_in_the_way_is_named),
		cmocka_unit_test(roles_of_words),
		cmocka_unit_test(kinds_of_links),
		cmocka_unit_test(response_files_are_expanded),
		cmocka_unit_test(
			our_options_in_a_response_file_do_not_reach_the_compiler),
		cmocka_unit_test(default_outputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
