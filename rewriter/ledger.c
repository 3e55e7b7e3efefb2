/* ledger.c - owns the form of the ledger: its lines and the text that puts them into an
 * object.
 *
 * An asm at file scope is all that reaches the object through every compiler, LTO and -S
 * alike, and touches nothing else. The lines depend on the source, its flags and its
 * configuration alone: paths are those of the command line. docs/ledger.md promises the
 * form. Called by rewrite. */
#include "ledger.h"

#include <ctype.h>
#include <string.h>

#include "config.h"
#include "edit.h"
#include "hooks.h"
#include "pool.h"
#include "rewrite.h"
#include "unit.h"

/* ISO C promises no more than 509 characters for a string; each byte makes up to four. */
enum { BYTES_OF_A_STRING = 100 };

static const char begin_of_asm[] =
	"__asm__(\".pushsection " LEDGER_SECTION ",\\\"\\\",%progbits\\n\\t.ascii \\\"";
static const char end_of_asm[] = "\\\"\\n\\t.popsection\"); ";

/* PATH as -ffile-prefix-map=OLD=NEW, the last that fits, wants it. */
static const char *mapped_path(
	struct pool *pool, const struct rewrite_request *request, const char *path)
{
	const char *const *maps = request->prefix_maps;
	const char *best = NULL;

	for (; maps && *maps; maps++) {
		const char *equals = strrchr(*maps, '=');
		if (equals && !strncmp(path, *maps, (size_t)(equals - *maps)))
			best = *maps;
	}
	if (!best)
		return path;
	const char *equals = strrchr(best, '=');
	return pool_printf(pool, "%s%s", equals + 1, path + (equals - best));
}

/* What would end a field or a line, escaped as in C. */
static const char *field(struct pool *pool, const char *text)
{
	if (!text || !*text)
		return "-";
	if (!strpbrk(text, "\\\t\n\r"))
		return text;
	char *copy = pool_alloc(pool, 2 * strlen(text) + 1), *to = copy;
	for (; *text; text++) {
		const char *special = strchr("\\\\\tt\nn\rr", *text);
		if (special)
			*to++ = '\\';
		*to++ = special ? special[1] : *text;
	}
	return copy;
}

static const char *place(struct pool *pool, const struct rewrite_request *request,
	const char *file, const unsigned position[2])
{
	return pool_printf(pool, "%s:%u:%u",
		field(pool, mapped_path(pool, request, file)), position[0], position[1]);
}

/* REASON with the configuration file named without its folder, which may be anywhere. */
static const char *reason_of(
	struct pool *pool, const struct config *config, const char *reason)
{
	const char *path = config && reason ? strstr(reason, config->path) : NULL;

	if (!path)
		return reason;
	return pool_printf(pool, "%.*s%s", (int)(path - reason), reason,
		strrchr(config->path, '/') + 1 - config->path + path);
}

static const char *line_of_unit(
	struct pool *pool, const struct rewrite_request *request, const struct unit *unit)
{
	return pool_printf(pool, "unit\t1\t%s\t%s\t%s\n",
		field(pool, mapped_path(pool, request, unit->files->name)),
		hooks_version(), request->threads == THREADS_FIBER ? "fiber" : "os");
}

static const char *line_of_site(
	struct pool *pool, const struct rewrite_request *request, const struct site *site)
{
	const unsigned spelled[] = {site->line, site->column};
	const unsigned used[] = {site->use_line, site->use_column};

	return pool_printf(pool, "site\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
		place(pool, request, site->file, spelled), field(pool, site->function),
		site->callee, site->is_call ? "call" : "address",
		site->verdict == VERDICT_REWRITTEN ? "rewritten" : "kept",
		field(pool, reason_of(pool, request->config, site->reason.text)),
		site->use_file ? place(pool, request, site->use_file, used) : "-",
		field(pool, site->reason.word));
}

/* C text of an assembler's string with LENGTH bytes of TEXT. Octal for all that means
 * something to the one or the other, trigraphs' question marks too. */
static char *put_bytes(char *to, const char *text, size_t length)
{
	static const char harmless[] = " _-+=.,:;/()[]<>!&*'~^|@";

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c < 128 && (isalnum(c) || (c && strchr(harmless, c)))) {
			*to++ = (char)c;
			continue;
		}
		*to++ = '\\';
		*to++ = '\\';
		*to++ = (char)('0' + (c >> 6));
		*to++ = (char)('0' + (c >> 3 & 7));
		*to++ = (char)('0' + (c & 7));
	}
	return to;
}

static const char *asm_of(struct pool *pool, const char *line)
{
	size_t length = strlen(line), parts = length / BYTES_OF_A_STRING + 1;
	size_t around = sizeof begin_of_asm + sizeof end_of_asm;
	char *text = pool_alloc(pool, 5 * length + parts * around + 1), *to = text;

	while (length) {
		size_t part = length < BYTES_OF_A_STRING ? length : BYTES_OF_A_STRING;
		to = stpcpy(to, begin_of_asm);
		to = put_bytes(to, line, part);
		to = stpcpy(to, end_of_asm);
		line += part;
		length -= part;
	}
	return text;
}

struct statements {
	struct pool *pool;
	const char **list;
	size_t count, length;
};

static void add_line(struct statements *statements, const char *line)
{
	statements->list = pool_grow(statements->pool, statements->list,
		statements->count, sizeof *statements->list);
	statements->list[statements->count] = asm_of(statements->pool, line);
	statements->length += strlen(statements->list[statements->count++]);
}

static const char *join(const struct statements *statements)
{
	char *text = pool_alloc(statements->pool, statements->length + 1), *to = text;

	for (size_t i = 0; i < statements->count; i++)
		to = stpcpy(to, statements->list[i]);
	if (to > text)
		to[-1] = 0; /* the last blank */
	return text;
}

static bool ends_in_a_line(const struct unit_file *file)
{
	return file->length && file->text[file->length - 1] == '\n';
}

void ledger_add(struct edit_list *list, const struct rewrite_request *request,
	const struct unit *unit, const struct findings *found,
	const struct rewrite_result *result)
{
	struct pool *pool = list->pool;
	struct statements statements = {.pool = pool};
	const struct unit_file *source = unit->files;

	add_line(&statements, line_of_unit(pool, request, unit));
	for (size_t i = 0; i < result->nsites; i++)
		add_line(&statements, line_of_site(pool, request, &result->sites[i]));
	const char *text = join(&statements);
	/* Code that compilers make up at the end of a source has the line of that end. */
	if (edit_list_declare(list, unit, found, text))
		return;
	edit_list_insert(list, 0, source->length,
		ends_in_a_line(source) ? pool_printf(pool, "%s\n", text)
				       : pool_printf(pool, "\n%s", text));
}
