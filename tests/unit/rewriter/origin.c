/* Whose file is it: by folder, not by what a compiler calls a system header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "origin.h"

static const struct origin nothing;

static void usual_places(void **state)
{
	(void)state;
	assert_true(origin_is_system(&nothing, "/usr/include/unistd.h"));
	assert_true(
		origin_is_system(&nothing, "/usr/include/x86_64-linux-gnu/bits/types.h"));
	assert_true(origin_is_system(&nothing, "/usr/local/include/x.h"));
	assert_true(origin_is_system(
		&nothing, "/usr/lib/gcc/x86_64-linux-gnu/12/include/stddef.h"));
	assert_true(
		origin_is_system(&nothing, "/usr/aarch64-linux-gnu/include/unistd.h"));
	assert_false(origin_is_system(&nothing, "/usr/src/project/include/x.h"));
	assert_false(origin_is_system(&nothing, "/usr/includes/x.h"));
	assert_false(origin_is_system(&nothing, "/home/user/usr/include/x.h"));
	assert_false(origin_is_system(&nothing, "include/x.h"));
}

static void other_places(void **state)
{
	static const char *const args[] = {"-O2", "-Xclang", "-internal-isystem",
		"-Xclang", "/opt/cross/include", "-internal-externc-isystem", "/opt/c",
		NULL};
	const struct origin origin = {.sysroot = "/srv/root/",
		.resource_dir = "/opt/llvm/lib/clang/19",
		.libc = "/nix/store/libc/include",
		.args = args};

	(void)state;
	assert_true(origin_is_system(&origin, "/srv/root/usr/include/unistd.h"));
	assert_false(origin_is_system(&origin, "/srv/root/home/x.h"));
	assert_true(origin_is_system(&origin, "/opt/llvm/lib/clang/19/include/stddef.h"));
	assert_true(origin_is_system(&origin, "/nix/store/libc/include/unistd.h"));
	assert_true(origin_is_system(&origin, "/opt/cross/include/unistd.h"));
	assert_true(origin_is_system(&origin, "/opt/c/x.h"));
	assert_false(origin_is_system(&origin, "/opt/other/x.h"));
}

static void the_last_sysroot_counts(void **state)
{
	static const char *const args[] = {
		"--sysroot=/a", "-isysroot", "/b", "-Dx", NULL};
	static const char *const joined[] = {
		"-isysroot/c", "--sysroot", "/d", "--sysroot=/e", NULL};
	static const char *const none[] = {"-O2", NULL};

	(void)state;
	assert_string_equal(origin_sysroot(args), "/b");
	assert_string_equal(origin_sysroot(joined), "/e");
	assert_null(origin_sysroot(none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual_places),
		cmocka_unit_test(other_places),
		cmocka_unit_test(the_last_sysroot_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
