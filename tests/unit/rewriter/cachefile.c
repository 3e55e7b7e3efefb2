/* Files of a cache: whole or not there, bounded in size, the oldest go first; digests,
 * stamps and the form of what stands in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cachefile.h"
#include "pack.h"
#include "pool.h"
#include "sha256.h"
#include "slurp.h"
#include "stamp.h"

static char folder[] = "/tmp/cohook-cachefile-XXXXXX";

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int set_up(void **state)
{
	(void)state;
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	return chdir("/") == 0 ? nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) : -1;
}

static void store(const char *name, char byte, size_t length)
{
	char *bytes = malloc(length);

	assert_non_null(bytes);
	memset(bytes, byte, length);
	cachefile_store("above/root", name, bytes, length);
	free(bytes);
}

/* Puts the last use of NAME at second SECOND. */
static void age(const char *name, time_t second)
{
	const struct timespec times[] = {{.tv_sec = second}, {.tv_sec = second}};

	assert_int_equal(utimensat(AT_FDCWD, name, times, 0), 0);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static void folders_are_made_and_bytes_replaced(void **state)
{
	size_t length;
	char *text;

	(void)state;
	store("results/a/x", '1', 100000);
	store("results/a/x", '2', 7);
	assert_int_equal(slurp_path("above/root/results/a/x", &text, &length), 0);
	assert_int_equal(length, 7);
	assert_string_equal(text, "2222222");
	free(text);
	store("results/a/empty", '3', 0);
	assert_true(exists("above/root/results/a/empty"));
}

static void no_more_folders_are_made_than_are_ours(void **state)
{
	(void)state;
	cachefile_store("not/above/root", "x", "", 0);
	assert_false(exists("not"));
}

static void what_cannot_be_written_is_let_be(void **state)
{
	(void)state;
	store("file", '1', 1);
	cachefile_store("above/root/file", "x", "", 0);
	cachefile_store("/proc/nowhere", "x", "", 0);
	cachefile_trim("/proc/nowhere", 0);
	cachefile_used("/proc/nowhere");
	assert_true(exists("above/root/file"));
}

static void the_oldest_go_when_it_is_too_much(void **state)
{
	(void)state;
	store("1", 'x', 100);
	store("2", 'x', 100);
	store("3", 'x', 100);
	store("4", 'x', 100);
	age("above/root/1", 40);
	age("above/root/2", 10);
	age("above/root/3", 20);
	age("above/root/4", 30);
	cachefile_trim("above/root", 400);
	assert_true(exists("above/root/2"));
	cachefile_trim("above/root", 399);
	assert_false(exists("above/root/2"));
	assert_false(exists("above/root/3"));
	assert_true(exists("above/root/1") && exists("above/root/4"));
}

static void what_was_used_is_young(void **state)
{
	(void)state;
	store("1", 'x', 100);
	store("2", 'x', 100);
	age("above/root/1", 10);
	age("above/root/2", 20);
	cachefile_used("above/root/1");
	cachefile_trim("above/root", 150);
	assert_true(exists("above/root/1"));
	assert_false(exists("above/root/2"));
}

/* A file is all of one letter. */
static bool is_whole(const char *path)
{
	size_t length;
	char *text;

	if (slurp_path(path, &text, &length) < 0)
		return true;
	bool whole = length == 50000;
	for (size_t i = 1; i < length; i++)
		whole &= text[i] == text[0];
	free(text);
	return whole;
}

static void writers_and_readers_meet_no_half_file(void **state)
{
	enum { PROCESSES = 6, TURNS = 60 };

	(void)state;
	for (int i = 0; i < PROCESSES; i++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child)
			continue;
		bool good = true;
		for (int turn = 0; turn < TURNS; turn++) {
			store("r/x", (char)('a' + i), 50000);
			good &= is_whole("above/root/r/x");
			cachefile_trim("above/root/r", turn % 2 ? 1 : 80000);
		}
		_exit(good ? 0 : 1);
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status;
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	cachefile_trim("above/root/r", 0);
	assert_int_equal(rmdir("above/root/r"), 0);
}

static void check_digest(const char *text, size_t times, const char *expected)
{
	size_t length = strlen(text);
	char *all = malloc(length * times + 1), hex[2 * SHA256_SIZE + 1];
	unsigned char digest[SHA256_SIZE];

	assert_non_null(all);
	for (size_t i = 0; i < times; i++)
		memcpy(all + i * length, text, length);
	sha256(all, length * times, digest);
	for (int i = 0; i < SHA256_SIZE; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
	assert_string_equal(hex, expected);
	free(all);
}

/* Those of FIPS 180-4, and lengths around the end of a block (by coreutils). */
static void digests_are_those_of_the_standard(void **state)
{
	(void)state;
	check_digest("", 1,
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	check_digest("abc", 1,
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	check_digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	check_digest("a", 1000000,
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	check_digest("a", 55,
		"9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
	check_digest("a", 64,
		"ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
}

static void stamps_tell_what_changed(void **state)
{
	struct stamp before, after;

	(void)state;
	store("x", 'x', 10);
	assert_true(stamp_of("above/root/x", &before));
	after = before;
	assert_true(stamp_same(&before, &after));
	after.changed++;
	assert_false(stamp_same(&before, &after));
	store("x", 'x', 10);
	assert_true(stamp_of("above/root/x", &after));
	assert_false(stamp_same(&before, &after)); /* another inode */
	assert_false(stamp_of("above/root/none", &after));
	assert_false(stamp_same(&after, &after));
}

static void a_young_file_has_no_say(void **state)
{
	struct timespec since;
	struct stamp stamp;

	(void)state;
	store("x", 'x', 10);
	age("above/root/x", 10);
	assert_true(stamp_of("above/root/x", &stamp));
	clock_gettime(CLOCK_REALTIME, &since);
	assert_true(stamp_is_recent(&stamp, &since));
	since.tv_sec += 60;
	assert_false(stamp_is_recent(&stamp, &since));
}

static void what_is_packed_comes_out(void **state)
{
	struct pool *pool = pool_new();
	struct pack pack = {.pool = pool};
	size_t length;

	(void)state;
	pack_string(&pack, "one");
	pack_string(&pack, NULL);
	pack_number(&pack, UINT64_MAX - 1);
	pack_bytes(&pack, "a\0b", 3);
	for (int i = 0; i < 2000; i++)
		pack_string(&pack, "");
	struct unpack unpack = {pool, pack.bytes, pack.bytes + pack.length, false};
	assert_string_equal(unpack_string(&unpack), "one");
	assert_null(unpack_string(&unpack));
	assert_true(unpack_number(&unpack) == UINT64_MAX - 1);
	assert_memory_equal(unpack_bytes(&unpack, &length), "a\0b", 4);
	assert_int_equal(length, 3);
	for (int i = 0; i < 2000; i++)
		assert_string_equal(unpack_string(&unpack), "");
	assert_false(unpack.broken);
	assert_true(unpack.at == unpack.end);
	unpack_number(&unpack);
	assert_true(unpack.broken);
	pool_free(pool);
}

static void what_is_cut_off_is_broken(void **state)
{
	struct pool *pool = pool_new();
	struct pack pack = {.pool = pool};

	(void)state;
	pack_string(&pack, "a string of some length");
	for (size_t length = 0; length < pack.length; length++) {
		struct unpack unpack = {pool, pack.bytes, pack.bytes + length, false};
		unpack_string(&unpack);
		assert_true(unpack.broken);
	}
	pack_number(&pack, UINT64_MAX / 2);
	struct unpack unpack = {
		pool, pack.bytes + pack.length - 8, pack.bytes + pack.length, false};
	assert_int_equal(unpack_count(&unpack, 1), 0);
	assert_true(unpack.broken);
	pool_free(pool);
}

int main(void)
{
#define IN_FOLDER(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		IN_FOLDER(folders_are_made_and_bytes_replaced),
		IN_FOLDER(no_more_folders_are_made_than_are_ours),
		IN_FOLDER(what_cannot_be_written_is_let_be),
		IN_FOLDER(the_oldest_go_when_it_is_too_much),
		IN_FOLDER(what_was_used_is_young),
		IN_FOLDER(writers_and_readers_meet_no_half_file),
		IN_FOLDER(stamps_tell_what_changed),
		IN_FOLDER(a_young_file_has_no_say),
		cmocka_unit_test(digests_are_those_of_the_standard),
		cmocka_unit_test(what_is_packed_comes_out),
		cmocka_unit_test(what_is_cut_off_is_broken),
	};

	alarm(60);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
