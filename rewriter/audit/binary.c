/* binary.c - owns the audit of what is compiled already.
 *
 * Where there is a ledger, the sites in it are findings as those of a source are. Of all
 * else the symbols count: what an object's functions call, by its relocations, and what
 * a program or library takes from libc. A program with the runtime in it takes most of
 * libc for that, so nothing is said of its imports. Libraries are followed; libc's own
 * are not. Called by the audit's command. */
#include "audit/binary.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "audit/elfcalls.h"
#include "audit/foreign.h"
#include "audit/linked.h"
#include "audit/view.h"
#include "hooks.h"
#include "ledger.h"
#include "pool.h"

struct binary {
	struct document *document;
	struct pool *pool;
	struct foreign foreign;
	struct elfcalls calls;
	struct argvec files, missing; /* to be looked at, what is found nowhere */
	const char *path;             /* that is being looked at */
};

/* The row of the function that SYMBOL is, in whatever spelling libc gives it. */
static const struct hook *row_of(struct pool *pool, const char *symbol)
{
	size_t length = strlen(symbol);
	const struct hook *row = hooks_find(symbol, length);

	if (!row && length > 6 && !strncmp(symbol, "__", 2) &&
		!strcmp(symbol + length - 4, "_chk"))
		row = hooks_find(pool_copy(pool, symbol + 2, length - 6), length - 6);
	return row && strcmp(row->waits, "STATE") != 0 &&
			       strcmp(row->waits, "THREAD") != 0 &&
			       strcmp(row->waits, "YIELD") != 0
		       ? row
		       : NULL;
}

/* What SYMBOL waits for and whose it is; false: it does not wait, as far as is known. */
static bool blocks(struct binary *binary, const char *symbol, const char **waits,
	const char **library)
{
	const struct hook *row = row_of(binary->pool, symbol);
	const struct foreign_row *foreign =
		row ? NULL : foreign_find(&binary->foreign, symbol);

	*waits = row ? row->waits : foreign ? foreign->waits : NULL;
	*library = row ? "libc" : foreign ? foreign->library : NULL;
	return *waits;
}

/* The ledger: lines of fields with tabs between, see docs/ledger.md. */

static struct place place_of(struct pool *pool, const char *field)
{
	char *text = pool_string(pool, field);
	char *column = strrchr(text, ':');
	char *line = NULL;

	if (column) {
		*column++ = 0;
		line = strrchr(text, ':');
	}
	if (!line)
		return (struct place){0};
	*line++ = 0;
	return (struct place){text, (unsigned)strtoul(line, NULL, 10),
		(unsigned)strtoul(column, NULL, 10)};
}

/* FIELD with what was escaped in it. */
static char *unescape(char *field)
{
	char *to = field;

	for (const char *from = field; *from; from++) {
		const char *special = *from == '\\' && from[1]
					      ? strchr("\\\\t\tn\nr\r", from[1])
					      : NULL;
		*to++ = special ? special[1] : *from;
		from += special != NULL;
	}
	*to = 0;
	return field;
}

/* NULL for what is not there. */
static const char *optional(const char *field)
{
	return field && strcmp(field, "-") != 0 ? field : NULL;
}

enum {
	FIELD_KIND,
	FIELD_PLACE,
	FIELD_FUNCTION,
	FIELD_CALLEE,
	FIELD_USE,
	FIELD_VERDICT,
	FIELD_REASON,
	FIELD_MACRO,
	FIELD_WORD,
	FIELDS
};

static void add_site(struct binary *binary, char *const *fields)
{
	const char *callee = fields[FIELD_CALLEE];
	const struct hook *row = hooks_find(callee, strlen(callee));
	bool rewritten = !strcmp(fields[FIELD_VERDICT], "rewritten");
	enum rule_id rule = rewritten                        ? RULE_REWRITTEN
			    : row && row->kind == HOOK_WATCH ? RULE_NO_MIRROR
							     : RULE_KEPT;
	struct finding *finding = finding_add(&binary->document->findings, rule);

	finding->verdict = rewritten ? FINDING_REWRITTEN : FINDING_KEPT;
	finding->spelled = place_of(binary->pool, fields[FIELD_PLACE]);
	if (optional(fields[FIELD_MACRO]))
		finding->used = place_of(binary->pool, fields[FIELD_MACRO]);
	finding->function = optional(fields[FIELD_FUNCTION]);
	finding->callee = callee;
	finding->waits = row ? row->waits : NULL;
	finding->is_address = !strcmp(fields[FIELD_USE], "address");
	finding->reason = (struct reason){
		optional(fields[FIELD_WORD]), optional(fields[FIELD_REASON])};
	finding->message = pool_printf(binary->pool, "%s is %s%s%s", callee,
		rewritten ? "the mirror's" : "kept", finding->reason.text ? ": " : "",
		finding->reason.text ? finding->reason.text : "");
}

static void read_line(struct binary *binary, char *line, size_t *units, size_t *sites)
{
	char *fields[FIELDS] = {NULL};
	size_t count = 0;

	while (line && count < FIELDS)
		fields[count++] = unescape(strsep(&line, "\t"));
	if (count && !strcmp(fields[FIELD_KIND], "unit"))
		++*units;
	if (count < FIELD_WORD || strcmp(fields[FIELD_KIND], "site") != 0)
		return;
	++*sites;
	add_site(binary, fields);
}

static bool read_ledger(struct binary *binary, const struct elfpart *part)
{
	Elf_Scn *section = elfpart_named(part, LEDGER_SECTION);
	size_t units = 0, sites = 0;
	Elf_Data *data = NULL;

	while (section && (data = elf_rawdata(section, data))) {
		char *rest = pool_copy(binary->pool, data->d_buf, data->d_size), *line;
		while ((line = strsep(&rest, "\n")))
			read_line(binary, line, &units, &sites);
	}
	if (!units)
		return false;
	struct finding *finding = finding_add(&binary->document->findings, RULE_BUILT);
	finding->spelled.file = part->name;
	finding->message = pool_printf(binary->pool,
		"built with cohook: %zu %s with %zu %s", units,
		units == 1 ? "unit" : "units", sites, sites == 1 ? "site" : "sites");
	return true;
}

/* Imports of what is linked. */

static bool has_runtime(const struct elfpart *part)
{
	if (elfpart_named(part, ".note.cohook"))
		return true;
	GElf_Shdr header;
	GElf_Sym symbol;
	static const unsigned types[] = {SHT_DYNSYM, SHT_SYMTAB};

	for (size_t k = 0; k < 2; k++) {
		Elf_Scn *section = elfpart_section(part, NULL, types[k], &header);
		Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
		size_t count = data && header.sh_entsize
				       ? header.sh_size / header.sh_entsize
				       : 0;
		for (size_t i = 0; i < count; i++) {
			const char *name = gelf_getsym(data, (int)i, &symbol)
						   ? elf_strptr(part->elf, header.sh_link,
							     symbol.st_name)
						   : NULL;
			if (name && symbol.st_shndx != SHN_UNDEF &&
				!strcmp(name, "cohook_runtime_v1"))
				return true;
		}
	}
	return false;
}

static struct finding *add_import(struct binary *binary, const char *part,
	const char *function, const char *symbol, const char *waits)
{
	struct finding *finding = finding_add(&binary->document->findings, RULE_IMPORT);

	finding->verdict = FINDING_KEPT;
	finding->reason = reason_plain(TEXT_NOT_BUILT);
	finding->spelled.file = part;
	finding->function = function;
	finding->callee = symbol;
	finding->waits = waits;
	return finding;
}

static void list_imports(struct binary *binary, const struct elfpart *part)
{
	GElf_Shdr header;
	Elf_Scn *section = elfpart_section(part, NULL, SHT_DYNSYM, &header);
	Elf_Data *data = section ? elf_getdata(section, NULL) : NULL;
	size_t count = data && header.sh_entsize ? header.sh_size / header.sh_entsize : 0;
	const char *waits, *library;
	GElf_Sym symbol;

	for (size_t i = 1; i < count; i++) {
		if (!gelf_getsym(data, (int)i, &symbol) || symbol.st_shndx != SHN_UNDEF)
			continue;
		const char *name = elf_strptr(part->elf, header.sh_link, symbol.st_name);
		if (!name || !blocks(binary, name, &waits, &library))
			continue;
		name = pool_string(binary->pool, name);
		struct finding *finding =
			add_import(binary, part->name, NULL, name, waits);
		finding->message =
			pool_printf(binary->pool, "it takes %s, which waits %s, from %s",
				name, view_class(waits), library);
	}
}

static void push_once(struct argvec *list, const char *path)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i], path))
			return;
	argvec_push(list, path);
}

static void follow(struct binary *binary, const struct elfpart *part)
{
	struct argvec libraries = {0};

	linked_libraries(part, binary->path, &libraries, &binary->missing);
	for (size_t i = 0; i < libraries.count; i++)
		if (!linked_is_libc(libraries.items[i]))
			push_once(&binary->files, libraries.items[i]);
}

static void look_at_part(const struct elfpart *part, void *data)
{
	struct binary *binary = data;
	bool ledger = read_ledger(binary, part);

	document_add_unit(binary->document)->file = part->name;
	if (part->header.e_type == ET_REL) {
		elfcalls_add(&binary->calls, part, ledger);
		return;
	}
	if (!has_runtime(part) && !ledger)
		list_imports(binary, part);
	follow(binary, part);
}

/* Calls of objects. */

enum { MOST_CALLERS = 8 };

struct callers {
	struct binary *binary;
	size_t *queue, count;
	bool *seen;
	const char *words;
};

static void add_callers(struct callers *callers, size_t node)
{
	const struct elfcalls *calls = &callers->binary->calls;
	struct pool *pool = callers->binary->pool;
	size_t count, first = elfcalls_into(calls, node, &count);

	for (size_t i = first; i < first + count; i++) {
		size_t from = calls->edges[i].from;
		if (callers->seen[from])
			continue;
		callers->seen[from] = true;
		callers->queue[callers->count++] = from;
		if (callers->count <= MOST_CALLERS + 1)
			callers->words = callers->words ? pool_printf(pool, "%s, %s",
								  callers->words,
								  calls->nodes[from].name)
							: calls->nodes[from].name;
	}
}

/* The functions that come to call the one of NODE, the nearest first, as words; NULL if
 * there are none. */
static const char *callers_of(struct binary *binary, size_t node)
{
	size_t room = binary->calls.nnodes + 1;
	struct callers callers = {.binary = binary,
		.queue = calloc(room, sizeof *callers.queue),
		.count = 1,
		.seen = calloc(room, sizeof *callers.seen)};

	if (callers.queue && callers.seen) {
		callers.queue[0] = node;
		callers.seen[node] = true;
		for (size_t i = 0; i < callers.count; i++)
			add_callers(&callers, callers.queue[i]);
	}
	if (callers.count > MOST_CALLERS + 1)
		callers.words = pool_printf(binary->pool, "%s and %zu more",
			callers.words, callers.count - 1 - MOST_CALLERS);
	free(callers.queue);
	free(callers.seen);
	return callers.words;
}

static void tell_call(struct binary *binary, const struct elfedge *edge)
{
	const struct elfnode *from = &binary->calls.nodes[edge->from],
			     *to = &binary->calls.nodes[edge->to];
	const char *waits, *library;

	/* What a ledger keeps is listed by it. */
	if (to->part || from->has_ledger || !blocks(binary, to->name, &waits, &library))
		return;
	struct finding *finding =
		add_import(binary, from->part, from->name, to->name, waits);
	const char *callers = callers_of(binary, edge->from);
	finding->message =
		pool_printf(binary->pool, "%s calls %s of %s, which waits %s%s%s",
			from->name, to->name, library, view_class(waits),
			callers ? "; it is reached from " : "", callers ? callers : "");
}

static void tell_missing(struct binary *binary)
{
	for (size_t i = 0; i < binary->missing.count; i++) {
		struct audited *unit = document_add_unit(binary->document);
		unit->file = binary->missing.items[i];
		unit->trouble = "the library is not to be found";
	}
}

const char *binary_audit(struct document *document, const struct argvec *files)
{
	struct binary binary = {.document = document,
		.pool = document->pool,
		.calls.pool = document->pool};
	const char *trouble = foreign_read(&binary.foreign, document->pool);

	for (size_t i = 0; i < files->count; i++)
		push_once(&binary.files, files->items[i]);
	for (size_t i = 0; i < binary.files.count && !trouble; i++) {
		binary.path = binary.files.items[i];
		trouble =
			elfpart_each(document->pool, binary.path, look_at_part, &binary);
	}
	elfcalls_resolve(&binary.calls);
	for (size_t i = 0; i < binary.calls.nedges; i++)
		tell_call(&binary, &binary.calls.edges[i]);
	tell_missing(&binary);
	return trouble;
}
