/* systemnames.c - reads system headers for the names of macros, and for nothing else.
 *
 * Whatever branch of an #if it stands in, each #define counts, and each #include is
 * followed: more names than a compiler would see, never fewer. Where there is an
 * #include_next, every folder that has such a header counts. A header that is included by
 * a macro cannot be followed and is a reason for doubt. Called by the prefilter. */
#include "systemnames.h"

#include <stdlib.h>
#include <string.h>

#include "pool.h"
#include "slurp.h"

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
	       (c & 0x80);
}

static const char *behind_name(const char *at, const char *end)
{
	while (at < end && (is_letter(*at) || (*at >= '0' && *at <= '9')))
		at++;
	return at;
}

static bool reads(const char *at, const char *end, const char *word)
{
	size_t length = strlen(word);

	return (size_t)(end - at) == length && !memcmp(at, word, length);
}

static void read_define(struct systemnames *system, const char *at, const char *end)
{
	const char *name = skip_blanks(at, end);
	const char *behind = behind_name(name, end);

	size_t length = (size_t)(behind - name);

	if (!length)
		system->doubt = true;
	else if (!words_has(&system->names, name, length))
		words_add(&system->names, pool_copy(system->pool, name, length), length,
			true);
}

static void read_include(struct systemnames *system, const char *folder, const char *at,
	const char *end, bool next)
{
	const char *begin = skip_blanks(at, end);
	bool quoted = begin < end && *begin == '"';
	const char *close = NULL;

	if (begin < end && (quoted || *begin == '<'))
		close = memchr(begin + 1, quoted ? '"' : '>', (size_t)(end - begin - 1));
	if (!close) {
		system->doubt = true;
		return;
	}
	const char *header =
		pool_copy(system->pool, begin + 1, (size_t)(close - begin - 1));
	if (quoted)
		systemnames_include(
			system, pool_printf(system->pool, "%s/%s", folder, header), next);
	systemnames_include(system, header, next);
}

/* How far a text was read for comments over several lines. */
struct comments {
	const char *at;
	bool inside;
};

/* Whether HASH, behind what was asked for before, is inside of a comment. */
static bool in_comment(struct comments *comments, const char *hash)
{
	while (comments->at < hash) {
		const char *next = memmem(comments->at, (size_t)(hash - comments->at),
			comments->inside ? "*/" : "/*", 2);
		if (!next) {
			/* The hash is none of the two. */
			comments->at = hash;
			break;
		}
		comments->at = next + 2;
		comments->inside = !comments->inside;
	}
	return comments->inside;
}

/* Whether the # at HASH may open a directive. */
static bool may_open(struct comments *comments, const char *text, const char *hash)
{
	const char *at = hash;

	if (in_comment(comments, hash))
		return false;
	while (at > text && (at[-1] == ' ' || at[-1] == '\t'))
		at--;
	return at == text || at[-1] == '\n' || at[-1] == '/';
}

/* A line from behind its # on. */
static void read_line(
	struct systemnames *system, const char *folder, const char *at, const char *end)
{
	const char *word = skip_blanks(at, end);
	const char *behind = behind_name(word, end);

	if (reads(word, behind, "define"))
		read_define(system, behind, end);
	else if (reads(word, behind, "include") || reads(word, behind, "import"))
		read_include(system, folder, behind, end, false);
	else if (reads(word, behind, "include_next"))
		read_include(system, folder, behind, end, true);
	else if (behind < end && (*behind == '\\' || (behind == word && *word == '/')))
		system->doubt = true; /* a line that goes on, a comment */
}

static void read_text(
	struct systemnames *system, const char *folder, const char *text, size_t length)
{
	struct comments comments = {text, false};
	const char *end = text + length;
	const char *hash = text;

	while (hash < end && (hash = memchr(hash, '#', (size_t)(end - hash)))) {
		bool opens = may_open(&comments, text, hash++);
		const char *newline = memchr(hash, '\n', (size_t)(end - hash));
		if (opens)
			read_line(system, folder, hash, newline ? newline : end);
	}
}

/* Whether there is such a header. */
static bool read_header(struct systemnames *system, const char *path)
{
	char *text;
	size_t length;

	if (words_has(&system->paths, path, strlen(path)))
		return true;
	if (slurp_path(path, &text, &length) < 0)
		return false;
	words_add(&system->paths, path, strlen(path), true);
	size_t folder = (size_t)(strrchr(path, '/') - path);
	read_text(system, pool_copy(system->pool, path, folder), text, length);
	free(text);
	return true;
}

void systemnames_folder(struct systemnames *system, const char *folder)
{
	system->folders = pool_grow(
		system->pool, system->folders, system->nfolders, sizeof(char *));
	system->folders[system->nfolders++] = folder;
}

void systemnames_include(struct systemnames *system, const char *header, bool next)
{
	struct words *seen = next ? &system->seen_next : &system->seen;
	size_t length = strlen(header);

	if (words_has(seen, header, length) ||
		words_has(&system->seen_next, header, length))
		return;
	words_add(seen, header, length, true);
	system->wanted = pool_grow(
		system->pool, system->wanted, system->nwanted, sizeof *system->wanted);
	system->wanted[system->nwanted++] = (struct wanted_header){header, next};
}

static void read_wanted(struct systemnames *system, struct wanted_header wanted)
{
	const char *name = wanted.name;
	bool found = false;

	if (*name == '/') {
		read_header(system, name);
		return;
	}
	for (size_t i = 0; i < system->nfolders && (wanted.next || !found); i++)
		found = read_header(system,
			pool_printf(system->pool, "%s/%s", system->folders[i], name));
}

void systemnames_read(struct systemnames *system)
{
	for (size_t i = 0; i < system->nwanted; i++) {
		const struct wanted_header wanted = system->wanted[i];
		system->users(system->context, wanted.name);
		read_wanted(system, wanted);
	}
}

bool systemnames_has(const struct systemnames *system, const char *name, size_t length)
{
	return system->doubt || words_has(&system->names, name, length);
}
