/* scan.c - owns the look into object files before a link.
 *
 * It searches the bytes for the names of mirrors as symbol tables hold them, with a NUL
 * behind; formats for link-time optimization hold names back to back, so there the start
 * of a name is enough. Thin archives and linker scripts are followed. A wrong yes makes a
 * program larger; a wrong no would lose a link. Sources that are compiled in the same
 * command may use cohook.h without being rewritten. Called by link. */
#include "scan.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "thin.h"

enum { LONGEST_SCRIPT = 64 * 1024 };

struct bytes {
	const char *start;
	size_t length;
};

/* Behind "co_". */
static const char *const mirrors[] = {
#define HOOK(name, waits, header) #name,
#define ALIAS(alias, name) #alias,
#define FORTIFY(name, chk, ret, params, args, object, bytes) #chk,
#define FORMAT(name, chk, takes, params, args) #chk,
#define MODELESS(name, chk, params, args) #chk,
#include "cohook/hooks.def"
	"version",
	"loop",
};

/* Families of cohook.h and of what the rewriter writes, of which the start is enough. */
static const char *const families[] = {"fiber_", "deadline_", "_tls_"};

static const char table[] = "cohook_runtime_v1";

static const char *find(struct bytes in, const void *what, size_t length)
{
	return memmem(in.start, in.length, what, length);
}

static bool starts(struct bytes in, const char *what)
{
	size_t length = strlen(what);

	return in.length >= length && memcmp(in.start, what, length) == 0;
}

/* Whether NAME, what stands behind a "co_", is that of a mirror. */
static bool is_mirror(struct bytes name, bool terminated)
{
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (starts(name, families[i]))
			return true;
	for (size_t i = 0; i < sizeof mirrors / sizeof *mirrors; i++) {
		size_t length = strlen(mirrors[i]);
		if (starts(name, mirrors[i]) &&
			(!terminated || (name.length > length && !name.start[length])))
			return true;
	}
	return false;
}

static bool names_mirror(struct bytes all, bool terminated)
{
	const char *found;

	while ((found = find(all, "co_", 3))) {
		size_t past = (size_t)(found - all.start) + 3;
		all.start += past;
		all.length -= past;
		if (is_mirror(all, terminated))
			return true;
	}
	return false;
}

static bool is_object(struct bytes all)
{
	return starts(all, "\177ELF") || starts(all, "!<arch>\n");
}

static bool is_bitcode(struct bytes all)
{
	return starts(all, "BC\xC0\xDE") || starts(all, "\xDE\xC0\x17\x0B");
}

static bool has_intermediate_code(struct bytes all)
{
	return is_bitcode(all) || find(all, ".gnu.lto_", 9) || find(all, "BC\xC0\xDE", 4);
}

static bool names_us(struct bytes all)
{
	return find(all, table, sizeof table) || names_mirror(all, true) ||
	       (has_intermediate_code(all) && names_mirror(all, false));
}

static bool scan(const char *path, bool (*refers)(const char *path, struct bytes all))
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	bool answer = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		void *start =
			mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (start != MAP_FAILED) {
			answer = refers(path, (struct bytes){start, (size_t)st.st_size});
			munmap(start, (size_t)st.st_size);
		}
	}
	close(fd);
	return answer;
}

static bool plain_object_refers(const char *path, struct bytes all)
{
	(void)path;
	return (is_object(all) || is_bitcode(all)) && names_us(all);
}

static bool scan_plain_object(const char *path)
{
	return scan(path, plain_object_refers);
}

static bool ends(const char *word, const char *end)
{
	size_t length = strlen(word);

	return length >= strlen(end) && strcmp(word + length - strlen(end), end) == 0;
}

/* A word of a linker script. What would have to be searched for is taken for one of ours.
 */
static bool script_word_refers(const char *word)
{
	if (*word == '/')
		return scan_plain_object(word);
	return strncmp(word, "-l", 2) == 0 || ends(word, ".a") || ends(word, ".so");
}

/* A linker script, such as libm.so often is: GROUP ( /lib/libm.so.6 AS_NEEDED ( ... ) ).
 */
static bool script_refers(struct bytes all)
{
	static const char blanks[] = " \t\r\n(),;\"{}";

	if (!find(all, "GROUP", 5) && !find(all, "INPUT", 5))
		return false;
	char *text = arena_copy(all.start, all.length);
	for (char *word = strtok(text, blanks); word; word = strtok(NULL, blanks))
		if (script_word_refers(word))
			return true;
	return false;
}

static bool object_refers(const char *path, struct bytes all)
{
	if (thin_is_archive(all.start, all.length))
		return thin_any_member(path, all.start, all.length, scan_plain_object);
	if (is_object(all) || is_bitcode(all))
		return names_us(all);
	return all.length < LONGEST_SCRIPT && script_refers(all);
}

/* Source text; what it may get from a header of the user is left to the name of our
 * header. */
static bool source_refers(const char *path, struct bytes all)
{
	(void)path;
	return find(all, "cohook/", 7) || names_mirror(all, false);
}

bool scan_object(const char *path)
{
	return scan(path, object_refers);
}

bool scan_source(const char *path)
{
	return scan(path, source_refers);
}
