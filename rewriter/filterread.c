/* filterread.c - reads a source and, conservatively, the user's headers that it includes:
 * every branch of every #if that may be compiled, every folder that has a header of that
 * name.
 *
 * A file is read once. What is not understood is a reason for doubt. Called by
 * prefilter. */
#include "filter.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "conditions.h"
#include "inlines.h"
#include "origin.h"
#include "platform.h"
#include "pool.h"
#include "rewrite.h"
#include "shape.h"
#include "slurp.h"
#include "standard.h"
#include "systemnames.h"

static bool read_header(struct filter *filter, const char *path);

static bool is_done(const struct filter *filter)
{
	return filter->doubt || filter->anyhow || (filter->hit && !filter->to_end);
}

/* NAME or NAME=BODY, as given with -D. */
static void add_define(struct filter *filter, const char *define)
{
	char *text = pool_string(filter->pool, define);
	size_t length = strcspn(text, "(=");
	struct token name = {TOKEN_NAME, 0, length};
	char *equals = strchr(text, '=');

	if (equals)
		*equals = ' ';
	filter_add_macro(filter, text, name, strlen(text));
}

static struct token skip_line(struct lexer *lexer)
{
	struct token token;

	do
		token = lex_next(lexer);
	while (token.kind != TOKEN_NEWLINE && token.kind != TOKEN_END);
	return token;
}

static void read_define(struct filter *filter, struct lexer *lexer)
{
	struct token name = lex_code(lexer);

	if (name.kind != TOKEN_NAME) {
		if (name.kind != TOKEN_NEWLINE)
			skip_line(lexer);
		return;
	}
	filter_add_macro(filter, lexer->text, name, skip_line(lexer).begin);
}

static bool is_systems(const struct filter *filter, const char *folder)
{
	const char *const *args = filter->request->args;
	const struct origin origin = {.sysroot = origin_sysroot(args), .args = args};

	return origin_is_system(&origin, pool_printf(filter->pool, "%s/", folder));
}

void filter_find_header(
	struct filter *filter, const char *name, bool quoted, const char *folder)
{
	bool found = false;

	if (*name == '/' && !is_systems(filter, name))
		found = read_header(filter, name);
	if (quoted && *name != '/')
		found |= read_header(
			filter, pool_printf(filter->pool, "%s/%s", folder, name));
	for (size_t i = 0; i < filter->path.nfolders && *name != '/'; i++) {
		const struct header_folder *at = &filter->path.folders[i];
		if ((quoted || !at->quoted_only) && !at->systems)
			found |= read_header(filter,
				pool_printf(filter->pool, "%s/%s", at->path, name));
	}
	/* A header of the user's is found ahead of the system's. */
	if (filter->system && (!found || filter->next || filter->system->ahead))
		systemnames_include(filter->system, name, filter->next);
	if (filter->macros.cxx && !found)
		filter->hit |=
			!standard_is_harmless(name, strlen(name), filter->request->args);
}

/* Reads the header that TEXT, "x.h" or <x.h> and nothing else, names; whether it does
 * name one. */
static bool find_spelled_header(
	struct filter *filter, const char *text, size_t length, const char *folder)
{
	while (length && strchr(" \t", *text))
		text++, length--;
	while (length && strchr(" \t\r\n", text[length - 1]))
		length--;
	bool quoted = length > 2 && *text == '"' && text[length - 1] == '"';
	if (!quoted && !(length > 2 && *text == '<' && text[length - 1] == '>'))
		return false;
	filter_find_header(
		filter, pool_copy(filter->pool, text + 1, length - 2), quoted, folder);
	return true;
}

/* NAME stands for a header. A macro that the user's files do not define is the system's
 * and names one of the system's headers. */
static void find_header_of_macro(
	struct filter *filter, const char *text, struct token name, const char *folder)
{
	struct macro *macro = macros_first(&filter->macros, text, name);

	for (struct macro *next; macro && !is_done(filter); macro = next) {
		/* Reading a header can move the list. */
		const struct macro this = *macro;
		filter->doubt |=
			!find_spelled_header(filter, this.body, this.length, folder);
		next = macros_next(&filter->macros, &this);
	}
}

static void read_include(struct filter *filter, struct lexer *lexer, const char *folder)
{
	struct token operand = lex_code(lexer), next = operand;
	const char *text = lexer->text;

	if (operand.kind != TOKEN_NEWLINE)
		next = lex_code(lexer);
	if (operand.kind == TOKEN_NAME && next.kind == TOKEN_NEWLINE)
		find_header_of_macro(filter, text, operand, folder);
	else if (operand.kind != TOKEN_STRING ||
		 !find_spelled_header(filter, text + operand.begin,
			 operand.end - operand.begin, folder))
		filter->doubt = true;
	if (next.kind != TOKEN_NEWLINE)
		skip_line(lexer);
}

/* Ours, or the one that gives attributes to what follows. */
static bool is_pragma_of_concern(struct lexer *lexer)
{
	struct token word = lex_code(lexer);

	if (lex_is(lexer->text, word, "cohook"))
		return true;
	return lex_is(lexer->text, word, "clang") &&
	       lex_is(lexer->text, lex_code(lexer), "attribute");
}

static void read_directive(struct filter *filter, struct lexer *lexer, const char *folder,
	struct conditions *conditions)
{
	struct token word = lex_code(lexer);
	const char *text = lexer->text;

	if (word.kind == TOKEN_NEWLINE || conditions_read(conditions, lexer, word))
		return;
	if (conditions_dead(conditions)) {
		skip_line(lexer);
	} else if (lex_is(text, word, "define")) {
		read_define(filter, lexer);
	} else if (lex_is(text, word, "include") || lex_is(text, word, "include_next") ||
		   lex_is(text, word, "import")) {
		filter->next = lex_is(text, word, "include_next");
		read_include(filter, lexer, folder);
	} else if (lex_is(text, word, "pragma") && is_pragma_of_concern(lexer)) {
		filter->hit = true;
	} else if (lexer->in_directive) {
		skip_line(lexer);
	}
}

/* Whether no file of the unit, nor the compiler itself, defines NAME. */
static bool is_undefined(const void *context, const char *name, size_t length)
{
	const struct filter *all = context;

	return !macros_first(&all->macros, name, (struct token){TOKEN_NAME, 0, length}) &&
	       !platform_may_define(name, length) &&
	       !systemnames_has(all->system, name, length);
}

/* Makes a macro of FUNCTION and takes its body out of TEXT. */
static void set_aside(
	struct filter *filter, char *text, const struct inline_function *function)
{
	size_t name = function->name.end - function->name.begin;
	size_t body = function->end - function->begin;
	char *copy = pool_alloc(filter->pool, name + body);

	memcpy(copy, text + function->name.begin, name);
	memcpy(copy + name, text + function->begin, body);
	memset(text + function->begin, ' ', body);
	filter_add_macro(filter, copy, (struct token){TOKEN_NAME, 0, name}, name + body);
	macros_defined_at(&filter->macros, text + function->name.begin);
}

static void scan(struct filter *filter, const struct source_text *source)
{
	struct inline_function function;
	struct shape_window window;
	struct conditions conditions = {.undefined = filter->known ? is_undefined : NULL,
		.context = filter->known};
	struct inlines inlines;
	struct lexer lexer;
	struct token token;

	lex_open(&lexer, source->text, source->length);
	shape_window_open(&window);
	inlines_open(&inlines, &filter->macros);
	while (!is_done(filter) && (token = lex_code(&lexer)).kind != TOKEN_END) {
		if (token.kind == TOKEN_DIRECTIVE) {
			read_directive(filter, &lexer, source->folder, &conditions);
			continue;
		}
		if (conditions_dead(&conditions)) {
			memset(source->text + token.begin, ' ', token.end - token.begin);
			continue;
		}
		bool sure = filter_look_at(filter, &lexer, token, &window);
		filter->anyhow |= sure && !source->header && !conditions.depth;
		shape_window_pass(&window, source->text, token);
		/* C++ calls functions that nobody names: begin() in a loop. */
		if (source->header && !filter->macros.cxx &&
			inlines_take(&inlines, &lexer, token, &function)) {
			set_aside(filter, source->text, &function);
			shape_window_open(&window);
		}
	}
	filter->doubt |=
		lexer.doubt || conditions.doubt || (!is_done(filter) && conditions.depth);
}

static bool was_read(const struct filter *filter, const struct stat *st)
{
	for (size_t i = 0; i < filter->nsources; i++) {
		const struct source_text *source = &filter->sources[i];
		if (source->inode == st->st_ino && source->device == st->st_dev)
			return true;
	}
	return false;
}

static void add_source(struct filter *filter, const struct source_text *source)
{
	filter->sources = pool_grow(
		filter->pool, filter->sources, filter->nsources, sizeof *filter->sources);
	filter->sources[filter->nsources++] = *source;
	scan(filter, source);
}

static const char *folder_of(struct filter *filter, const char *path)
{
	return dirname(pool_string(filter->pool, path));
}

/* Scans a file if there is one that was not scanned yet; whether there is one. */
static bool read_file(struct filter *filter, const char *path, bool header)
{
	struct source_text source = {
		.folder = folder_of(filter, path), .ours = true, .header = header};
	struct stat st;

	if (is_done(filter) || stat(path, &st) < 0)
		return false;
	if (was_read(filter, &st))
		return true;
	source.device = st.st_dev;
	source.inode = st.st_ino;
	if (S_ISDIR(st.st_mode))
		return false;
	if (slurp_path(path, &source.text, &source.length) < 0) {
		filter->doubt = true;
		return true;
	}
	add_source(filter, &source);
	return true;
}

/* Whether there is one. */
static bool read_header(struct filter *filter, const char *path)
{
	const struct words *before = filter->known ? &filter->known->paths : NULL;
	size_t length = strlen(path);

	if (words_has(&filter->paths, path, length))
		return words_has_in_code(&filter->paths, path, length);
	if (before && words_has(before, path, length) &&
		!words_has_in_code(before, path, length))
		return false;
	bool found = read_file(filter, path, !filter->request->keeps_unused);
	words_add(&filter->paths, path, length, found);
	return found;
}

static void read_source(struct filter *filter)
{
	const struct rewrite_request *request = filter->request;

	if (request->text) {
		struct source_text source = {.folder = folder_of(filter, request->source),
			.text = pool_copy(filter->pool, request->text, request->length),
			.length = request->length};
		add_source(filter, &source);
	} else if (!read_file(filter, request->source, false)) {
		filter->doubt = true;
	}
}

static void read_path(struct filter *filter)
{
	struct headerpath *path = &filter->path;

	headerpath_read(path, filter->request->args);
	for (size_t i = 0; i < path->nfolders; i++)
		path->folders[i].systems = is_systems(filter, path->folders[i].path);
}

void filter_read(struct filter *filter)
{
	read_path(filter);
	filter->doubt |= filter->path.doubt;
	for (size_t i = 0; i < filter->path.ndefines; i++)
		add_define(filter, filter->path.defines[i]);
	for (size_t i = 0; i < filter->path.nforced; i++)
		filter_find_header(filter, filter->path.forced[i], true, ".");
	read_source(filter);
}
