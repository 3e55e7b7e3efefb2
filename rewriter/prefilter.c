/* prefilter.c - says of most units, in about a millisecond, that there is nothing in them
 * for us.
 *
 * Reads the source and, conservatively, the user's headers that it includes (every branch
 * of every #if, every folder that has a header of that name), and looks for names of
 * hooks.def where they can refer to a function: in code by their shape, in the bodies of
 * macros that code then uses, or glued together with
 * ##. It must never miss one; whatever it does not understand counts as a hit. System
 * headers are not read: names in their macros are not the user's. An inline function of a
 * header is treated like a macro: where nobody uses it, no code comes of it.
 *
 * Where all hits are behind some #if, a closer look takes the trouble to learn of every
 * name that is defined anywhere, system headers included, and reads the unit again without
 * what cannot be compiled then. Called first by rewrite_unit(). */
#include "prefilter.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conditions.h"
#include "config.h"
#include "headerpath.h"
#include "hooks.h"
#include "inlines.h"
#include "lex.h"
#include "macros.h"
#include "origin.h"
#include "pasting.h"
#include "platform.h"
#include "pool.h"
#include "rewrite.h"
#include "shape.h"
#include "slurp.h"
#include "standard.h"
#include "storage.h"
#include "systemnames.h"
#include "unit.h"
#include "words.h"

struct source_text {
	const char *folder; /* for headers in quotes */
	char *text;
	size_t length;
	bool ours;   /* TEXT is from malloc() */
	bool header; /* and may be changed */
	dev_t device;
	ino_t inode;
};

struct filter {
	const struct rewrite_request *request;
	struct pool *pool;
	struct headerpath path;
	struct source_text *sources;
	size_t nsources;
	struct macros macros;
	struct pasting pasting;
	struct words words;
	struct words paths; /* where a header was looked for; those "in code" are there */
	bool aliases; /* a string may name a function, so that it is used without a word
			 */
	bool hit;
	bool doubt;     /* there is something that is not understood */
	bool anyhow;    /* the hit is compiled under all circumstances */
	bool to_end;    /* read on behind a hit: what counts is all that is defined */
	bool next;      /* what is read is an #include_next */
	struct systemnames *system; /* to be told of headers, or NULL */
	const struct filter *known; /* one that has read all of the unit, or NULL */
};

static bool read_header(struct filter *filter, const char *path);

static bool is_done(const struct filter *filter)
{
	return filter->doubt || filter->anyhow || (filter->hit && !filter->to_end);
}

/* Whether a name is a row that could be rewritten or, if asked for, listed. */
static bool is_wanted(const struct filter *filter, const char *name, size_t length)
{
	const struct rewrite_request *request = filter->request;
	const struct hook *row = config_hook(request->config, name, length);

	if (!row || (row->kind == HOOK_WATCH && !request->watch))
		return false;
	if (request->watch)
		return true;
	if (config_keeps_function(request->config, filter->pool, row))
		return false;
	return request->threads == THREADS_FIBER || strcmp(row->waits, "THREAD") != 0;
}

/* Whether variables with that word concern us. */
static bool is_storage(const struct filter *filter, const char *name, size_t length)
{
	return filter->request->threads == THREADS_FIBER && storage_is_word(name, length);
}

static bool is_macro(void *context, const char *name, size_t length)
{
	const struct filter *filter = context;

	return macros_first(&filter->macros, name, (struct token){TOKEN_NAME, 0, length});
}

/* Whether the word is an attribute that has a function's name in a string. */
static bool is_alias(const char *word, size_t length)
{
	static const char *const words[] = {
		"alias", "__alias__", "ifunc", "__ifunc__", "weakref", "__weakref__"};

	for (size_t i = 0; strchr("_aiw", *word) && i < sizeof words / sizeof *words;
		i++) {
		if (strlen(words[i]) == length && !memcmp(words[i], word, length))
			return true;
	}
	return false;
}

/* Whether a wanted name stands in the body and is no member. Takes in the body's words.
 */
static bool is_tainted(struct filter *filter, struct macro *macro, bool *doubt)
{
	const struct shape_macros macros = {is_macro, filter, filter->macros.cxx};
	const char *text = macro->body;
	struct shape_window window;
	bool tainted = false;
	struct lexer lexer;
	struct token token;

	lex_open(&lexer, text, macro->length);
	lexer.line_began = true;
	shape_window_open(&window);
	while ((token = lex_code(&lexer)).kind != TOKEN_END) {
		struct token before = window.before[0];
		bool member = lex_is(text, before, ".") || lex_is(text, before, "->");
		size_t size = token.end - token.begin;
		if (token.kind == TOKEN_NAME && !member) {
			struct shape shape = shape_of(&lexer, token, &window);
			tainted |= is_wanted(filter, text + token.begin, size) &&
				   !shape_is_kind_of_format(&shape, &macros);
			macro->storage |= is_storage(filter, text + token.begin, size);
			filter->aliases |= is_alias(text + token.begin, size);
		}
		if (token.kind == TOKEN_NAME || token.kind == TOKEN_NUMBER)
			words_add(&filter->words, text + token.begin, size, false);
		shape_window_pass(&window, text, token);
	}
	*doubt |= lexer.doubt;
	return tainted;
}

/* Whether __attribute__ is given a meaning of the user's own. */
static bool redefines_attribute(const struct macro *macro)
{
	const struct token name = {TOKEN_NAME, 0, macro->name_length};

	return (lex_is(macro->name, name, "__attribute__") ||
		       lex_is(macro->name, name, "__attribute")) &&
	       !macros_is_empty(macro);
}

static void add_macro(
	struct filter *filter, const char *text, struct token name, size_t end)
{
	struct macro *macro = macros_add(&filter->macros, text, name, end);

	macro->tainted = is_tainted(filter, macro, &filter->doubt);
	filter->doubt |= redefines_attribute(macro);
	macro->pastes = pasting_read(&filter->pasting, macro->body, macro->length);
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
	add_macro(filter, text, name, strlen(text));
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
	add_macro(filter, lexer->text, name, skip_line(lexer).begin);
}

static bool is_systems(const struct filter *filter, const char *folder)
{
	const char *const *args = filter->request->args;
	const struct origin origin = {.sysroot = origin_sysroot(args), .args = args};

	return origin_is_system(&origin, pool_printf(filter->pool, "%s/", folder));
}

/* Reads NAME from every folder where an #include could find it. What the system alone has
 * may be, or bring, a header of the C++ library that waits. */
static void find_header(
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
	find_header(
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

/* Whether an argument of MACRO may be a reference where the body has the parameter. Only
 * the first parameter is looked at. */
static bool first_argument_may_refer(
	const struct macro *macro, const struct shape_macros *macros)
{
	struct shape_window window;
	struct lexer lexer;
	struct token token;

	lex_open(&lexer, macro->body, macro->length);
	lexer.line_began = true;
	lex_code(&lexer);
	struct token parameter = lex_code(&lexer);
	if (!macro->function || parameter.kind != TOKEN_NAME)
		return true;
	while ((token = lex_code(&lexer)).kind != TOKEN_END &&
		!lex_is(macro->body, token, ")"))
		;
	shape_window_open(&window);
	while ((token = lex_code(&lexer)).kind != TOKEN_END) {
		struct shape shape = shape_of(&lexer, token, &window);
		if (lex_same(macro->body, token, macro->body, parameter) &&
			shape_may_refer(&shape, macros))
			return true;
		shape_window_pass(&window, macro->body, token);
	}
	return false;
}

/* Whether the name is the first argument of a macro that is known and takes it for
 * something else. */
static bool is_harmless_argument(struct filter *filter, const struct shape *shape)
{
	const struct shape_macros macros = {is_macro, filter, filter->macros.cxx};
	const char *text = shape->text;

	if (!lex_is(text, shape->before[0], "(") || shape->before[1].kind != TOKEN_NAME ||
		!(lex_is(text, shape->after[0], ")") ||
			lex_is(text, shape->after[0], ",")))
		return false;
	struct macro *macro = macros_first(&filter->macros, text, shape->before[1]);
	bool known = macro != NULL;
	for (; macro && known; macro = macros_next(&filter->macros, macro))
		known = !first_argument_may_refer(macro, &macros);
	return known;
}

static bool refers(struct filter *filter, const struct shape *shape)
{
	const struct shape_macros macros = {is_macro, filter, filter->macros.cxx};

	return shape_may_refer(shape, &macros) && !is_harmless_argument(filter, shape);
}

/* Whether no file of the unit, nor the compiler itself, defines NAME. */
static bool is_undefined(const void *context, const char *name, size_t length)
{
	const struct filter *all = context;

	return !macros_first(&all->macros, name, (struct token){TOKEN_NAME, 0, length}) &&
	       !platform_may_define(name, length) &&
	       !systemnames_has(all->system, name, length);
}

/* Whether the name is the first argument of a macro. */
static bool is_argument(const struct filter *filter, const struct shape *shape)
{
	return lex_is(shape->text, shape->before[0], "(") &&
	       macros_first(&filter->macros, shape->text, shape->before[1]);
}

/* A token of code. Whether it is a hit whatever macros there are. */
static bool look_at(struct filter *filter, const struct lexer *lexer, struct token token,
	const struct shape_window *window)
{
	const struct shape_macros macros = {is_macro, filter, filter->macros.cxx};
	const char *text = lexer->text + token.begin;
	size_t length = token.end - token.begin;

	if (token.kind == TOKEN_NAME || token.kind == TOKEN_NUMBER)
		words_add(&filter->words, text, length, true);
	if (token.kind != TOKEN_NAME)
		return false;
	bool hit = is_storage(filter, text, length) ||
		   (filter->macros.cxx && standard_is_class(text, length));
	struct shape shape = {.text = NULL};
	if (is_wanted(filter, text, length)) {
		shape = shape_of(lexer, token, window);
		hit |= refers(filter, &shape);
	} else if (is_alias(text, length)) {
		shape = shape_of(lexer, token, window);
		filter->aliases |= shape_may_refer(&shape, &macros);
	}
	filter->hit |= hit;
	return hit && shape.text && !is_argument(filter, &shape);
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
	add_macro(filter, copy, (struct token){TOKEN_NAME, 0, name}, name + body);
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
		bool sure = look_at(filter, &lexer, token, &window);
		filter->anyhow |= sure && !source->header && !conditions.depth;
		shape_window_pass(&window, source->text, token);
		/* C++ calls functions that nobody names: begin() in a loop. */
		if (source->header && !filter->macros.cxx &&
			inlines_take(&inlines, &lexer, token, &function)) {
			set_aside(filter, source->text, &function);
			shape_window_open(&window);
		}
	}
	filter->doubt |= lexer.doubt || conditions.doubt ||
			 (!is_done(filter) && conditions.depth);
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

/* Whether code has the name of a macro that has PROPERTY. */
static bool names_one(const struct filter *filter, enum macro_property property)
{
	for (size_t i = 0; i < filter->macros.count; i++) {
		const struct macro *macro = &filter->macros.list[i];
		if (macros_have(macro, property) &&
			words_has_in_code(
				&filter->words, macro->name, macro->name_length))
			return true;
	}
	return false;
}

/* Whether code uses a macro that has PROPERTY. */
static bool uses_one(struct filter *filter, enum macro_property property)
{
	if (!macros_spread(&filter->macros, property) || !names_one(filter, property))
		return false;
	for (size_t i = 0; i < filter->nsources; i++) {
		const struct source_text *source = &filter->sources[i];
		if (macros_used(&filter->macros, property, source->text, source->length))
			return true;
	}
	return false;
}

/* Whether a macro that makes variables thread-local is named anywhere. */
static bool may_use_storage(const struct filter *filter)
{
	for (size_t i = 0; i < filter->macros.count; i++) {
		const struct macro *macro = &filter->macros.list[i];
		if (macro->storage &&
			words_has(&filter->words, macro->name, macro->name_length))
			return true;
	}
	return false;
}

/* Names that ## could make up: wanted ones and those of tainted macros. */
static void look_for_names(struct filter *filter)
{
	const struct hook *row;
	const char *word;

	const struct config *config = filter->request->config;
	for (size_t i = 0; config && i < config->nmappings; i++) {
		row = &config->mappings[i].row;
		pasting_look_for(&filter->pasting, row->name, strlen(row->name));
	}
	for (size_t i = 0; (row = hooks_at(i)); i++) {
		if (is_wanted(filter, row->name, strlen(row->name)))
			pasting_look_for(&filter->pasting, row->name, strlen(row->name));
	}
	for (size_t i = 0; (word = storage_word(i)); i++)
		if (is_storage(filter, word, strlen(word)))
			pasting_look_for(&filter->pasting, word, strlen(word));
	for (size_t i = 0; i < filter->macros.count; i++) {
		const struct macro *macro = &filter->macros.list[i];
		if (macro->tainted)
			pasting_look_for(
				&filter->pasting, macro->name, macro->name_length);
	}
}

/* After the search for uses of tainted macros, which marks them all. */
static bool may_paste_name(struct filter *filter)
{
	if (!uses_one(filter, MACRO_PASTES))
		return false;
	look_for_names(filter);
	return pasting_can_happen(&filter->pasting, &filter->words);
}

/* After the search for uses of tainted macros, which marks them all. */
static bool may_use_inline(const struct filter *filter)
{
	bool any = false;

	for (size_t i = 0; i < filter->macros.count; i++)
		any |= filter->macros.list[i].place && filter->macros.list[i].tainted;
	return any && filter->aliases;
}

static void read_path(struct filter *filter)
{
	struct headerpath *path = &filter->path;

	headerpath_read(path, filter->request->args);
	for (size_t i = 0; i < path->nfolders; i++)
		path->folders[i].systems = is_systems(filter, path->folders[i].path);
}

static void read_all(struct filter *filter)
{
	read_path(filter);
	filter->doubt |= filter->path.doubt;
	for (size_t i = 0; i < filter->path.ndefines; i++)
		add_define(filter, filter->path.defines[i]);
	for (size_t i = 0; i < filter->path.nforced; i++)
		find_header(filter, filter->path.forced[i], true, ".");
	read_source(filter);
}

static bool may_hook(struct filter *filter)
{
	read_all(filter);
	return filter->doubt || filter->hit || uses_one(filter, MACRO_TAINTED) ||
	       may_use_storage(filter) || may_use_inline(filter) ||
	       may_paste_name(filter);
}

static struct filter *filter_new(const struct rewrite_request *request)
{
	struct pool *pool = pool_new();
	struct filter *filter = pool_alloc(pool, sizeof *filter);

	filter->request = request;
	filter->macros.cxx = inputkind_is_cxx(unit_kind(request));
	filter->pool = filter->path.pool = filter->macros.pool = pool;
	filter->pasting.pool = filter->words.pool = filter->paths.pool = pool;
	return filter;
}

static void filter_free(struct filter *filter)
{
	for (size_t i = 0; i < filter->nsources; i++) {
		if (filter->sources[i].ours)
			free(filter->sources[i].text);
	}
	pool_free(filter->pool);
}

static void find_users_header(void *context, const char *header)
{
	find_header(context, header, false, ".");
}

/* The folders of the system's headers. */
static void add_folders(struct filter *filter)
{
	struct systemnames *system = filter->system;

	systemnames_folder(system, filter->request->builtin);
	for (size_t i = 0; i < filter->path.nfolders; i++)
		if (filter->path.folders[i].systems) {
			systemnames_folder(system, filter->path.folders[i].path);
			system->ahead = true;
		}
	for (const char *const *arg = filter->request->args; *arg; arg++)
		if (!strcmp(*arg, "-internal-isystem") && arg[1] && arg[2])
			systemnames_folder(system, arg[2]); /* behind -Xclang */
}

/* Has FILTER read on behind hits that some #if may keep from being compiled. */
static void prepare_closer_look(struct filter *filter)
{
	struct pool *pool = filter->pool;

	filter->system = pool_alloc(pool, sizeof *filter->system);
	*filter->system = (struct systemnames){
		.pool = pool, .users = find_users_header, .context = filter};
	filter->system->names.pool = filter->system->paths.pool = pool;
	filter->system->seen.pool = filter->system->seen_next.pool = pool;
	filter->to_end = true;
}

enum prefilter_answer prefilter_look(
	const struct rewrite_request *request, struct filter **more)
{
	struct filter *filter = filter_new(request);

	if (!filter->macros.cxx && request->builtin && platform_is_known(request->args))
		prepare_closer_look(filter);
	bool may = may_hook(filter);
	if (may && filter->system && !filter->doubt && !filter->anyhow) {
		*more = filter;
		return PREFILTER_PERHAPS;
	}
	filter_free(filter);
	return may ? PREFILTER_HIT : PREFILTER_NOTHING;
}

void prefilter_forget(struct filter *more)
{
	filter_free(more);
}

bool prefilter_look_closer(struct filter *all)
{
	struct filter *filter = filter_new(all->request);

	add_folders(all);
	systemnames_read(all->system);
	filter->known = all;
	bool may = all->doubt || all->system->doubt || may_hook(filter);
	filter_free(filter);
	filter_free(all);
	return may;
}
