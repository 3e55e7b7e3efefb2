/* thin.c - owns the format of thin archives: headers like any archive's, with the members
 * themselves left where they are.
 *
 * Only the tables of symbols and of long names have their bytes in the archive. Called by
 * scan. */
#include "thin.h"

#include <ar.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

static const char magic[] = "!<thin>\n";

enum { MAGIC_LENGTH = sizeof magic - 1 };

struct thin {
	const char *folder; /* with its slash, or empty */
	const char *names;  /* the table of long names, NULL before it was met */
	size_t names_length;
};

bool thin_is_archive(const char *start, size_t length)
{
	return length >= MAGIC_LENGTH && memcmp(start, magic, MAGIC_LENGTH) == 0;
}

static const char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? arena_copy(path, (size_t)(slash + 1 - path)) : "";
}

/* The path of a member with a long name, which stands at OFFSET of the table up to "/\n".
 */
static const char *long_path(const struct thin *thin, size_t offset)
{
	if (!thin->names || offset >= thin->names_length)
		return NULL;
	const char *name = thin->names + offset;
	const char *end = memmem(name, thin->names_length - offset, "/\n", 2);
	if (!end)
		return NULL;
	const char *copy = arena_copy(name, (size_t)(end - name));
	return *copy == '/' ? copy : arena_printf("%s%s", thin->folder, copy);
}

static const char *member_path(const struct thin *thin, const struct ar_hdr *header)
{
	const char *end = memchr(header->ar_name, '/', sizeof header->ar_name);

	if (header->ar_name[0] == '/')
		return long_path(thin, strtoul(header->ar_name + 1, NULL, 10));
	if (!end)
		return NULL;
	return arena_printf(
		"%s%.*s", thin->folder, (int)(end - header->ar_name), header->ar_name);
}

/* Whether the member's bytes are in the archive; the table of long names is noted. */
static bool is_table(struct thin *thin, const struct ar_hdr *header, size_t size)
{
	if (memcmp(header->ar_name, "// ", 3) == 0) {
		thin->names = (const char *)(header + 1);
		thin->names_length = size;
		return true;
	}
	return memcmp(header->ar_name, "/ ", 2) == 0 ||
	       memcmp(header->ar_name, "/SYM64/", 7) == 0;
}

bool thin_any_member(const char *path, const char *start, size_t length,
	bool (*test)(const char *member))
{
	struct thin thin = {.folder = folder_of(path)};
	size_t at = MAGIC_LENGTH;

	while (at + sizeof(struct ar_hdr) <= length) {
		const struct ar_hdr *header = (const struct ar_hdr *)(start + at);
		size_t size = strtoul(header->ar_size, NULL, 10);
		at += sizeof *header;
		if (is_table(&thin, header, size)) {
			if (size > length - at)
				return true;
			at += size + size % 2;
			continue;
		}
		const char *member = member_path(&thin, header);
		if (!member || test(member))
			return true;
	}
	return false;
}
