/* prefilter.c - says of most units, in about a millisecond, that there is nothing in them
 * for us.
 *
 * Has the source and the user's headers read (filterread) and looks for names of hooks.def
 * where they can refer to a function: in code by their shape (filternames), in the bodies
 * of macros that code then uses, or glued together with ##. It must never miss one; whatever it does not understand counts as a hit. System
 * headers are not read: names in their macros are not the user's. An inline function of a
 * header is treated like a macro: where nobody uses it, no code comes of it.
 *
 * Where all hits are behind some #if, a closer look takes the trouble to learn of every
 * name that is defined anywhere, system headers included, and reads the unit again without
 * what cannot be compiled then. Called first by rewrite_unit(). */
#include "prefilter.h"

#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "filter.h"
#include "hooks.h"
#include "platform.h"
#include "pool.h"
#include "rewrite.h"
#include "storage.h"
#include "systemnames.h"
#include "unit.h"

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
		if (filter_wants(filter, row->name, strlen(row->name)))
			pasting_look_for(&filter->pasting, row->name, strlen(row->name));
	}
	for (size_t i = 0; (word = storage_word(i)); i++)
		if (filter_wants_storage(filter, word, strlen(word)))
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

static bool may_hook(struct filter *filter)
{
	filter_read(filter);
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
	filter_find_header(context, header, false, ".");
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
