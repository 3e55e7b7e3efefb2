/* edit.c - owns the changes to the texts of a unit.
 *
 * Names (co_ goes in front), declarations of the mirrors (put by anchor where they move
 * nothing), tags and bodies of functions of the C++ library, uses of thread-local
 * variables, and our pragmas (blanked out). Edits never overlap and depend
 * on nothing but their input, so the same unit always reads the same. Called by
 * rewrite_unit(). */
#include "edit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "anchor.h"
#include "declare.h"
#include "finder.h"
#include "hooks.h"
#include "locals.h"
#include "plan.h"
#include "pool.h"
#include "pragma.h"
#include "rewrite.h"
#include "unit.h"

struct editor {
	struct edit_list *list;
	struct pool *pool;
	const struct unit *unit;
	const struct findings *found;
	const struct plan *plan;
	struct edit_style style;
	struct tokens *tokens; /* of each file, read when they are needed */
};

static void push(struct edit_list *list, struct edit edit)
{
	list->edits =
		pool_grow(list->pool, list->edits, list->count, sizeof *list->edits);
	list->edits[list->count++] = edit;
}

static const struct tokens *tokens_of(struct editor *e, size_t file)
{
	struct tokens *tokens = &e->tokens[file];

	if (!tokens->text)
		anchor_read(tokens, e->pool, e->unit->files[file].text,
			e->unit->files[file].length);
	return tokens;
}

/* The end of the last declaration that ends ahead of TOP in its file, 0 if there is none.
 */
static size_t previous_end(const struct findings *found, const struct toplevel *top)
{
	size_t end = 0;

	for (size_t i = 0; i < found->ntops; i++) {
		const struct toplevel *other = &found->tops[i];
		if (other->file == top->file && other->begin < top->begin &&
			other->end <= top->begin && other->end > end)
			end = other->end;
	}
	return end;
}

static struct anchor anchor_before(
	struct editor *e, const struct toplevel *top, const char *name)
{
	return anchor_find(
		tokens_of(e, top->file), top->begin, previous_end(e->found, top), name);
}

/* A place for what WISH declares: ahead of the declaration that needs it or, if there
 * something would move, of one before it that still knows libc's function. */
static struct anchor place(struct editor *e, const struct wish *wish)
{
	const struct findings *found = e->found;
	const struct target *target = &found->targets[wish->target];
	const struct toplevel *needs = &found->tops[wish->top];
	struct anchor nearest = anchor_before(e, needs, target->name), anchor = nearest;

	for (size_t i = wish->top; i-- > 0 && !anchor.clean;) {
		const struct toplevel *earlier = &found->tops[i];
		if (earlier->file != needs->file)
			continue;
		if (earlier->ordinal <= target->declared)
			break;
		anchor = anchor_before(e, earlier, target->name);
		anchor.clean &= !anchor_is_macro(tokens_of(e, needs->file), anchor.offset,
			needs->begin, target->name);
	}
	return anchor.clean ? anchor : nearest;
}

/* The program may declare it as well. Preprocessed text can have no _Pragma. */
static const char *declaration_of_mapped(struct editor *e, const struct target *target)
{
	const char *text = declare_mapped(e->pool, target);

	return e->unit->preprocessed ? text : declare_quietly(e->pool, text);
}

/* Bound to the function that its name means, or to another spelling of it (pread64 where
 * off_t has 64 bits). */
static bool is_checked(const struct target *target)
{
	const struct hook *bound = hooks_find(target->symbol, strlen(target->symbol));

	return bound && bound->kind != HOOK_WATCH &&
	       !strcmp(bound->target, target->row->target) &&
	       hooks_fortify(target->row->target);
}

static const char *declaration(struct editor *e, const struct wish *wish, size_t file)
{
	const struct target *target = &e->found->targets[wish->target];
	bool repeated = e->unit->files[file].inclusions > 1;

	if (target->row->kind == HOOK_MAPPED)
		return declaration_of_mapped(e, target);
	if (wish->kind == WISH_ALIAS)
		return declare_alias(e->pool, target);
	if (wish->kind == WISH_RELABEL)
		return declare_relabelled(e->pool, target);
	if (e->style.gcc && e->style.checked && !repeated && target->object_size &&
		!strcmp(target->symbol, target->name) && hooks_format(target->name))
		return declare_checked_format(e->pool, target);
	if (e->style.gcc && e->style.checked && !repeated && target->object_size &&
		hooks_modeless(target->symbol))
		return declare_checked_open(e->pool, target);
	if (e->style.checked && !repeated && target->object_size && is_checked(target))
		return declare_checked_mirror(e->pool, target);
	const char *text = declare_mirror(e->pool, target);
	return repeated ? declare_quietly(e->pool, text) : text;
}

/* Appends to the insertion at that place, or begins one. */
static void insert_declaration(
	struct editor *e, size_t file, size_t offset, const char *text)
{
	const struct unit_file *into = &e->unit->files[file];
	bool glued = offset && !isspace((unsigned char)into->text[offset - 1]);

	for (size_t i = 0; i < e->list->count; i++) {
		struct edit *edit = &e->list->edits[i];
		if (edit->file != file || edit->offset != offset)
			continue;
		edit->insert = pool_printf(e->pool, "%s %s", edit->insert, text);
		return;
	}
	push(e->list, (struct edit){file, offset, 0,
			      pool_printf(e->pool, "%s%s", glued ? " " : "", text)});
}

static bool is_empty_line(const struct unit_file *file, size_t offset)
{
	const char *text = file->text;

	return (!offset || text[offset - 1] == '\n') &&
	       text[offset + strspn(text + offset, " \t\r")] == '\n';
}

/* Whether the place is on an empty line that has got nothing yet. */
static bool is_free_line(const struct editor *e, size_t file, size_t offset)
{
	if (!is_empty_line(&e->unit->files[file], offset))
		return false;
	for (size_t i = 0; i < e->list->count; i++) {
		const struct edit *edit = &e->list->edits[i];
		if (edit->file == file && edit->offset == offset)
			return false;
	}
	return true;
}

/* An empty line at file scope for an #include that WISH needs. */
static bool find_line(struct editor *e, const struct wish *wish, size_t *offset)
{
	const struct findings *found = e->found;
	const char *name = found->targets[wish->target].name;
	size_t file = found->tops[wish->top].file;

	for (size_t i = wish->top + 1; i-- > 0;) {
		if (found->tops[i].file != file)
			continue;
		struct anchor anchor = anchor_before(e, &found->tops[i], name);
		if (anchor.clean && is_free_line(e, file, anchor.offset)) {
			*offset = anchor.offset;
			return true;
		}
	}
	return false;
}

static bool is_header_wish(const struct editor *e, const struct wish *wish)
{
	const struct hook *row = e->found->targets[wish->target].row;

	return row->kind == HOOK_MAPPED && row->header && !e->unit->preprocessed;
}

/* Includes the header that declares a replacement. Without a line for it the replacement
 * is declared here, so that no line moves. */
static void add_header(struct editor *e, const struct wish *wish)
{
	const struct hook *row = e->found->targets[wish->target].row;
	size_t file = e->found->tops[wish->top].file, offset;

	if (find_line(e, wish, &offset))
		push(e->list, (struct edit){file, offset, 0,
				      pool_printf(e->pool, "#include %s", row->header)});
	else
		insert_declaration(
			e, file, place(e, wish).offset, declaration(e, wish, file));
}

static void add_wish(struct editor *e, const struct wish *wish)
{
	size_t file = e->found->tops[wish->top].file;
	size_t offset = wish->kind == WISH_ALIAS ? e->found->tops[wish->top].body
						 : place(e, wish).offset;

	insert_declaration(e, file, offset, declaration(e, wish, file));
}

static void add_declarations(struct editor *e)
{
	for (size_t i = 0; i < e->plan->nwishes; i++) {
		if (!is_header_wish(e, &e->plan->wishes[i]))
			add_wish(e, &e->plan->wishes[i]);
	}
	for (size_t i = 0; i < e->list->count; i++) {
		struct edit *edit = &e->list->edits[i];
		const struct unit_file *file = &e->unit->files[edit->file];
		if (edit->offset < file->length &&
			!isspace((unsigned char)file->text[edit->offset]))
			edit->insert = pool_printf(e->pool, "%s ", edit->insert);
	}
	for (size_t i = 0; i < e->plan->nwishes; i++) {
		if (is_header_wish(e, &e->plan->wishes[i]))
			add_header(e, &e->plan->wishes[i]);
	}
}

/* The start of the parentheses around the name at OFFSET, which is called; OFFSET itself
 * if there are none. */
static size_t opening(const struct unit_file *file, size_t offset, size_t length)
{
	const char *text = file->text;
	size_t begin = offset, end = offset + length;

	for (;;) {
		size_t before = begin;
		while (before && isblank((unsigned char)text[before - 1]))
			before--;
		while (end < file->length && isblank((unsigned char)text[end]))
			end++;
		if (!before || text[before - 1] != '(' || end >= file->length ||
			text[end] != ')')
			return begin;
		begin = before - 1;
		end++;
	}
}

/* A conversion to a transparent union is muted where the call begins. */
static void add_muting(struct editor *e, const struct reference *reference)
{
	const struct unit_file *file = &e->unit->files[reference->at.file];
	size_t length = strlen(e->found->targets[reference->target].name);
	size_t begin = opening(file, reference->at.offset, length);

	push(e->list, (struct edit){reference->at.file, begin, 0, "__extension__ "});
}

/* The namespaces ahead of a name go: what takes its place is in none. What stands ahead
 * of them must not become one token with the colons. */
static const char *colons(const struct editor *e, const struct reference *reference)
{
	const char *text = e->unit->files[reference->at.file].text;
	size_t begin = reference->at.offset - reference->qualifier;

	if (!reference->qualifier)
		return "";
	return begin && strchr(":<%", text[begin - 1]) ? " ::" : "::";
}

static struct edit rename_edit(const struct editor *e, const struct reference *reference,
	const struct target *target)
{
	bool mapped = target->row->kind == HOOK_MAPPED;
	size_t begin = reference->at.offset - reference->qualifier;
	size_t removed = reference->qualifier + (mapped ? strlen(target->name) : 0);

	return (struct edit){reference->at.file, begin, removed,
		pool_printf(e->pool, "%s%s", colons(e, reference),
			mapped ? target->row->target : "co_")};
}

static void add_names(struct editor *e)
{
	for (size_t i = 0; i < e->found->nreferences; i++) {
		const struct reference *reference = &e->found->references[i];
		const struct target *target = &e->found->targets[reference->target];
		if (e->plan->decisions[i].verdict != VERDICT_REWRITTEN ||
			e->plan->decisions[i].means != MEANS_EDIT)
			continue;
		if (e->style.pedantic && reference->is_call && target->takes_union)
			add_muting(e, reference);
		push(e->list, rename_edit(e, reference, target));
	}
}

/* As many newlines as the LENGTH bytes at TEXT have. */
static const char *newlines(struct pool *pool, const char *text, size_t length)
{
	char *lines = pool_alloc(pool, length + 1);
	size_t n = 0;

	for (size_t i = 0; i < length; i++)
		if (text[i] == '\n')
			lines[n++] = '\n';
	return lines;
}

/* What bodies use that their header may not have; no header has two of them. */
static const struct {
	const char *word, *text;
} needs[] = {
	{"SYS_futex", "#include <sys/syscall.h>"},
	/* Other declarations may share the line. */
	{"__throw_system_error",
		" namespace std _GLIBCXX_VISIBILITY(default) { "
		"_GLIBCXX_BEGIN_NAMESPACE_VERSION void __throw_system_error(int) "
		"__attribute__((__noreturn__)); _GLIBCXX_END_NAMESPACE_VERSION } "},
};

/* In an empty line ahead of the namespace. */
static void add_need(struct editor *e, const struct adopted *adopted)
{
	static const char space[] = "\n\nnamespace std ";
	const struct unit_file *file = &e->unit->files[adopted->file];
	const char *line = memmem(file->text, file->length, space, sizeof space - 1);

	for (size_t i = 0; i < sizeof needs / sizeof *needs && line; i++)
		if (adopted->body && strstr(adopted->body, needs[i].word))
			push(e->list, (struct edit){adopted->file,
					      (size_t)(line + 1 - file->text), 0,
					      needs[i].text});
}

/* Tags the functions of the C++ library that are the unit's own, and gives bodies to
 * those that have none. */
static void add_adopted(struct editor *e)
{
	for (size_t i = 0; e->plan->tag && i < e->found->nadopted; i++) {
		const struct adopted *adopted = &e->found->adopted[i];
		const char *text = e->unit->files[adopted->file].text + adopted->offset;
		const char *insert = pool_printf(e->pool,
			adopted->ahead ? "__attribute__((__abi_tag__(\"%s\"))) "
				       : " [[__gnu__::__abi_tag__(\"%s\")]]",
			e->plan->tag);
		if (adopted->body)
			insert = pool_printf(e->pool, "%s %s%s", insert, adopted->body,
				newlines(e->pool, text, adopted->remove));
		push(e->list, (struct edit){adopted->file, adopted->offset,
				      adopted->remove, insert});
		add_need(e, adopted);
	}
}

/* Whether a directive has been put at OFFSET of FILE: it has its line to itself. */
static bool has_directive(const struct edit_list *list, size_t file, size_t offset)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct edit *edit = &list->edits[i];
		if (edit->file == file && edit->offset == offset && *edit->insert == '#')
			return true;
	}
	return false;
}

/* The declarations of the thread-local variables, ahead of the first that needs them. */
static void declare_locals(struct editor *e, const struct locals *locals)
{
	const char *text = pool_printf(e->pool, " %s ", locals->declarations);
	struct anchor anchor = {0};
	size_t file = NO_FILE;

	for (size_t i = locals->top + 1; i-- > 0 && !anchor.clean;) {
		const struct toplevel *top = &e->found->tops[i];
		if (!locals_may_declare(e->unit, top))
			continue;
		struct anchor earlier = anchor_before(e, top, "co__tls");
		if (has_directive(e->list, top->file, earlier.offset) ||
			(file != NO_FILE && !earlier.clean))
			continue;
		anchor = earlier;
		file = top->file;
	}
	if (file != NO_FILE)
		push(e->list, (struct edit){file, anchor.offset, 0, text});
}

static void add_locals(struct editor *e)
{
	const struct locals *locals = e->plan->locals;

	for (size_t i = 0; locals && i < locals->nedits; i++)
		push(e->list, locals->edits[i]);
	if (locals && locals->declarations)
		declare_locals(e, locals);
}

static void add_pragmas(struct editor *e)
{
	for (size_t i = 0; i < e->unit->nfiles; i++) {
		const struct unit_file *file = &e->unit->files[i];
		struct pragma *pragmas;
		if (!file->has_pragma || file->precompiled || file->system)
			continue;
		size_t count = pragma_find(e->pool, file->text, file->length, &pragmas);
		for (size_t k = 0; k < count; k++) {
			size_t begin = pragmas[k].begin, length = pragmas[k].end - begin;
			if (pragmas[k].kind != PRAGMA_WEAK)
				push(e->list,
					(struct edit){i, begin, length,
						pragma_blank(e->pool, file->text + begin,
							length)});
		}
	}
}

static int by_place(const void *a, const void *b)
{
	const struct edit *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	/* Declarations, then `__extension__`, then the name; nothing else shares a place.
	 */
	if (!x->remove != !y->remove)
		return x->remove ? 1 : -1;
	size_t m = strlen(x->insert), n = strlen(y->insert);
	return m != n ? (m > n ? -1 : 1) : strcmp(x->insert, y->insert);
}

/* Several uses of one text want the same done to it. */
static void drop_repetitions(struct edit_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (!kept || by_place(&list->edits[kept - 1], &list->edits[i]))
			list->edits[kept++] = list->edits[i];
	}
	list->count = kept;
}

void edit_list_make(struct edit_list *list, const struct unit *unit,
	const struct findings *findings, const struct plan *plan, struct edit_style style)
{
	struct editor e = {.list = list,
		.pool = list->pool,
		.unit = unit,
		.found = findings,
		.plan = plan,
		.style = style};

	e.tokens = pool_alloc(e.pool, (unit->nfiles + 1) * sizeof *e.tokens);
	add_declarations(&e);
	add_names(&e);
	add_adopted(&e);
	add_locals(&e);
	add_pragmas(&e);
	if (list->count)
		qsort(list->edits, list->count, sizeof *list->edits, by_place);
	drop_repetitions(list);
}

/* The last place at file scope of the source where nothing is moved. An empty line is
 * better: a long text in a line makes gcc forget the columns of what is ahead of it. */
static struct anchor last_place(struct editor *e)
{
	struct anchor best = {0};

	for (size_t i = e->found->ntops; i-- > 0;) {
		const struct toplevel *top = &e->found->tops[i];
		if (top->file)
			continue;
		struct anchor anchor = anchor_before(e, top, "");
		if (has_directive(e->list, 0, anchor.offset))
			continue;
		if (anchor.clean && is_empty_line(e->unit->files, anchor.offset))
			return anchor;
		if (!best.clean)
			best = anchor;
	}
	return best;
}

bool edit_list_declare(struct edit_list *list, const struct unit *unit,
	const struct findings *findings, const char *text)
{
	struct editor e = {
		.list = list, .pool = list->pool, .unit = unit, .found = findings};

	e.tokens = pool_alloc(e.pool, (unit->nfiles + 1) * sizeof *e.tokens);
	struct anchor anchor = last_place(&e);
	if (anchor.clean)
		edit_list_insert(
			list, 0, anchor.offset, pool_printf(e.pool, " %s ", text));
	return anchor.clean;
}

void edit_list_insert(
	struct edit_list *list, size_t file, size_t offset, const char *text)
{
	const struct edit added = {file, offset, 0, text};
	size_t at = list->count;

	push(list, added);
	while (at && (list->edits[at - 1].file > file ||
			     (list->edits[at - 1].file == file &&
				     list->edits[at - 1].offset > offset)))
		at--;
	memmove(list->edits + at + 1, list->edits + at,
		(list->count - 1 - at) * sizeof *list->edits);
	list->edits[at] = added;
}

size_t edit_apply(struct pool *pool, const char *text, size_t length,
	const struct edit *edits, size_t count, char **result)
{
	size_t size = length, from = 0;

	for (size_t i = 0; i < count; i++)
		size += strlen(edits[i].insert) - edits[i].remove;
	char *to = pool_alloc(pool, size + 1);
	*result = to;
	for (size_t i = 0; i < count; i++) {
		to = mempcpy(to, text + from, edits[i].offset - from);
		to = mempcpy(to, edits[i].insert, strlen(edits[i].insert));
		from = edits[i].offset + edits[i].remove;
	}
	memcpy(to, text + from, length - from);
	return size;
}

size_t edit_files(const struct edit_list *list, const struct unit *unit,
	struct rewritten_file **files)
{
	struct pool *pool = list->pool;
	size_t count = 0;

	*files = NULL;
	for (size_t begin = 0, end; begin < list->count; begin = end) {
		size_t index = list->edits[begin].file;
		const struct unit_file *file = &unit->files[index];
		for (end = begin; end < list->count && list->edits[end].file == index;
			end++)
			;
		*files = pool_grow(pool, *files, count, sizeof **files);
		struct rewritten_file *rewritten = &(*files)[count++];
		rewritten->path = pool_string(pool, file->name);
		rewritten->length = edit_apply(pool, file->text, file->length,
			list->edits + begin, end - begin, &rewritten->text);
	}
	return count;
}
