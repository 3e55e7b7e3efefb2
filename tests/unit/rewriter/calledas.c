/* What the wrapper's name says: which names are compilers, and which are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calledas.h"

static const struct {
	const char *program, *compiler;
	bool cxx, masquerades;
} names[] = {
	{"cohook-cc", NULL, false, false},
	{"/usr/bin/cohook-c++", NULL, true, false},
	{"cohook-gcc", "gcc", false, false},
	{"./cohook-g++", "g++", true, false},
	{"cohook-clang", "clang", false, false},
	{"cohook-clang++", "clang++", true, false},
	{"cohook-gcc-12", "gcc-12", false, false},
	{"cohook-aarch64-linux-gnu-gcc", "aarch64-linux-gnu-gcc", false, false},
	{"cc", "cc", false, true},
	{"c++", "c++", true, true},
	{"/lib/m/gcc", "gcc", false, true},
	{"g++-12", "g++-12", true, true},
	{"clang++-19", "clang++-19", true, true},
	{"clang-19.1", "clang-19.1", false, true},
	{"x86_64-linux-gnu-g++-12", "x86_64-linux-gnu-g++-12", true, true},
	{"x86_64-linux-gnu-cc", "x86_64-linux-gnu-cc", false, true},
	{"cohook", NULL, false, false},
	{"link", NULL, false, false},
	{"tcc", NULL, false, false},
	{"distcc", NULL, false, false},
	{"c99-gcc-wrapper", NULL, false, false},
	{"gcc-", NULL, false, false},
	{"12", NULL, false, false},
	{"", NULL, false, false},
};

static void names_of_compilers_and_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct calledas called;
		calledas_read(&called, names[i].program);
		if (names[i].compiler)
			assert_string_equal(called.compiler, names[i].compiler);
		else
			assert_null(called.compiler);
		assert_int_equal(called.cxx, names[i].cxx);
		assert_int_equal(called.masquerades, names[i].masquerades);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_compilers_and_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
