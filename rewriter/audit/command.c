/* command.c - owns the list of compilations, from words or from a compilation database.
 *
 * Of a database the compiler of each entry is asked what it takes for granted, as the
 * build would have it; where it is not on this machine, the default one. Called by the
 * audit's command. */
#include "audit/command.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arena.h"
#include "settings.h"
#include "slurp.h"

static struct command *add(struct command_list *list)
{
	if (list->count == list->room) {
		size_t room = 2 * list->room + 16;
		struct command *items = arena_alloc(room * sizeof *items);
		if (list->count)
			memcpy(items, list->items, list->count * sizeof *items);
		list->items = items;
		list->room = room;
	}
	return &list->items[list->count++];
}

void command_of_file(struct command_list *list, const char *file, char *const *flags)
{
	struct command *command = add(list);
	struct settings settings = {0};

	command->file = file;
	settings_from_environment(&settings, "cohook");
	command->trouble = backend_find(&settings, &command->backend);
	for (; *flags; flags++)
		argvec_push(&command->words, *flags);
	argvec_push(&command->words, "-c");
	argvec_push(&command->words, file);
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* What stands ahead of the compiler in many databases. */
static bool is_launcher(const char *word)
{
	static const char *const names[] = {
		"ccache", "sccache", "distcc", "icecc", "env", "libtool"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(base_of(word), names[i]))
			return true;
	return false;
}

/* The compiler of an entry; a wrapper of ours has its usual one behind. */
static void find_backend(struct command *command, const char *compiler)
{
	struct settings settings = {0};

	settings_from_environment(&settings, "cohook");
	if (!strncmp(base_of(compiler), "cohook-", 7)) {
		settings_from_environment(&settings, base_of(compiler));
	} else if (backend_search(compiler)) {
		settings.launched = true;
		settings.compiler = compiler;
	}
	command->trouble = backend_find(&settings, &command->backend);
}

static const char *text_of(json_object *entry, const char *name)
{
	json_object *member;

	if (!json_object_object_get_ex(entry, name, &member) ||
		!json_object_is_type(member, json_type_string))
		return NULL;
	return arena_string(json_object_get_string(member));
}

static void words_of(json_object *entry, struct argvec *words)
{
	json_object *list;
	const char *line = text_of(entry, "command");

	if (json_object_object_get_ex(entry, "arguments", &list) &&
		json_object_is_type(list, json_type_array)) {
		for (size_t i = 0; i < json_object_array_length(list); i++)
			argvec_push(words, arena_string(json_object_get_string(
						   json_object_array_get_idx(list, i))));
	} else if (line) {
		argvec_split(words, line);
	}
}

static const char *take_entry(struct command_list *list, json_object *entry)
{
	struct argvec words = {0};
	size_t first = 0;

	words_of(entry, &words);
	while (first + 1 < words.count && is_launcher(words.items[first]))
		first++;
	const char *file = text_of(entry, "file");
	const char *directory = text_of(entry, "directory");
	if (!file || !directory || !words.count)
		return "an entry lacks its file, its directory or its command";
	struct command *command = add(list);
	command->file = file;
	command->directory = directory;
	find_backend(command, words.items[first]);
	for (size_t i = first + 1; i < words.count; i++)
		argvec_push(&command->words, words.items[i]);
	return NULL;
}

static const char *take_entries(struct command_list *list, const char *text)
{
	json_object *whole = json_tokener_parse(text);
	const char *trouble = NULL;

	if (!whole || !json_object_is_type(whole, json_type_array))
		trouble = "it is no compilation database";
	for (size_t i = 0; !trouble && i < json_object_array_length(whole); i++)
		trouble = take_entry(list, json_object_array_get_idx(whole, i));
	json_object_put(whole);
	return trouble;
}

const char *command_of_database(struct command_list *list, const char *directory)
{
	struct stat st;
	char *text;
	size_t length;
	bool is_folder = stat(directory, &st) == 0 && S_ISDIR(st.st_mode);
	const char *path = is_folder ? arena_printf("%s/compile_commands.json", directory)
				     : directory;

	int err = slurp_path(path, &text, &length);
	if (err)
		return arena_printf("%s: %s", path, strerror(-err));
	const char *trouble = take_entries(list, text);
	free(text);
	return trouble ? arena_printf("%s: %s", path, trouble) : NULL;
}
