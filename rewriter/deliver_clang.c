/* deliver_clang.c - owns the overlay that clang is given: a file system where some files
 * read otherwise.
 *
 * The lookup goes by name, lexically: every name under which the file may be opened must
 * be in it, all leading to one text. Names that only clang comes upon, through symbolic
 * links, are in the list that it writes of the headers that it opened. Inside clang the
 * files keep their names and times, so that nothing of this shows in the output. Called
 * by attempt and split. */
#include "deliver.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "slurp.h"
#include "tempfile.h"

static const char head[] = "{\"version\": 0, \"case-sensitive\": \"true\", "
			   "\"use-external-names\": \"false\", "
			   "\"overlay-relative\": \"false\", \"roots\": [";

/* TEXT between double quotes, as YAML and JSON want it. */
static const char *quoted(const char *text)
{
	char *out = arena_alloc(4 * strlen(text) + 3), *to = out;
	static const char digits[] = "0123456789abcdef";

	*to++ = '"';
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c < ' ') {
			*to++ = '\\';
			*to++ = 'x';
			*to++ = digits[c >> 4];
			*to++ = digits[c & 15];
			continue;
		}
		if (c == '"' || c == '\\')
			*to++ = '\\';
		*to++ = (char)c;
	}
	*to = '"';
	return out;
}

/* The names of the working directory: the kernel's and, where it is another spelling of
 * the same, the shell's. */
static void working_directories(struct argvec *names)
{
	static char kernel[PATH_MAX];
	const char *shell = getenv("PWD");
	struct stat here, there;

	if (!getcwd(kernel, sizeof kernel))
		return;
	argvec_push(names, kernel);
	if (!shell || *shell != '/' || strcmp(shell, kernel) == 0)
		return;
	if (stat(".", &here) == 0 && stat(shell, &there) == 0 &&
		here.st_dev == there.st_dev && here.st_ino == there.st_ino)
		argvec_push(names, shell);
}

static void push_once(struct argvec *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return;
	argvec_push(names, name);
}

/* Every absolute name that clang may look PATH up under. */
static void names_of(const char *path, struct argvec *names)
{
	struct argvec directories = {0};

	if (*path == '/')
		push_once(names, path);
	else
		working_directories(&directories);
	for (size_t i = 0; i < directories.count; i++)
		push_once(names, arena_printf("%s/%s", directories.items[i], path));
}

struct text {
	char *start;
	size_t length, room;
};

static void add(struct text *text, const char *more)
{
	size_t length = strlen(more);

	if (text->length + length > text->room) {
		size_t room = 2 * (text->length + length) + 1024;
		char *start = arena_alloc(room);
		if (text->length)
			memcpy(start, text->start, text->length);
		text->start = start;
		text->room = room;
	}
	memcpy(text->start + text->length, more, length);
	text->length += length;
}

/* SEEN collects what is in the overlay already: units share headers. */
static void add_file(
	struct text *overlay, const struct delivered *file, struct argvec *seen)
{
	struct argvec names = {0};

	names_of(file->path, &names);
	for (size_t i = 0; file->names && i < file->names->count; i++)
		names_of(file->names->items[i], &names);
	for (size_t i = 0; i < names.count; i++) {
		size_t before = seen->count;
		push_once(seen, names.items[i]);
		if (seen->count == before)
			continue;
		add(overlay, arena_printf("%s{\"type\": \"file\", \"name\": %s, "
					  "\"external-contents\": \"%s\"}",
				     before ? ", " : "", quoted(names.items[i]),
				     tempfile_path(file->fd)));
	}
}

static void push_for_cc1(struct argvec *words, const char *option, const char *value)
{
	argvec_push(words, "-Xclang");
	argvec_push(words, option);
	argvec_push(words, "-Xclang");
	argvec_push(words, value);
}

/* Asks for the list of headers, if there are any that matter. */
static int watch_headers(struct delivery *delivery, struct argvec *words)
{
	if (!deliver_has_header(delivery))
		return 0;
	if (delivery->headers)
		close(delivery->headers);
	delivery->headers = tempfile_memory("", 0, NULL);
	if (delivery->headers < 0)
		return delivery->headers;
	push_for_cc1(words, "-header-include-file", tempfile_path(delivery->headers));
	return 0;
}

int deliver_to_clang(struct delivery *delivery, int unit, struct argvec *words)
{
	struct text overlay = {0};
	struct argvec seen = {0};

	add(&overlay, head);
	for (size_t i = 0; i < delivery->count; i++) {
		const struct delivered *file = &delivery->files[i];
		if (file->fd >= 0 &&
			(unit == DELIVER_ALL_UNITS || (int)file->unit == unit))
			add_file(&overlay, file, &seen);
	}
	if (!seen.count)
		return 0;
	add(&overlay, "]}\n");
	int fd = tempfile_memory(overlay.start, overlay.length, NULL);
	if (fd < 0)
		return fd;
	/* The driver would keep it from preprocessed sources. */
	push_for_cc1(words, "-ivfsoverlay", tempfile_path(fd));
	return watch_headers(delivery, words);
}

/* Whether FILE is in the overlay under one of the names that PATH stands for. */
static bool is_known(const struct delivered *file, const char *path)
{
	struct argvec known = {0}, names = {0};

	names_of(file->path, &known);
	for (size_t i = 0; file->names && i < file->names->count; i++)
		names_of(file->names->items[i], &known);
	names_of(path, &names);
	size_t count = known.count;
	for (size_t i = 0; i < names.count; i++)
		push_once(&known, names.items[i]);
	return known.count == count;
}

static bool learn_name(struct delivery *delivery, const char *path)
{
	struct stat st;
	bool learned = false;

	if (stat(path, &st) < 0)
		return false;
	for (size_t i = 0; i < delivery->count; i++) {
		struct delivered *file = &delivery->files[i];
		if (file->fd < 0 || file->device != st.st_dev ||
			file->inode != st.st_ino || is_known(file, path))
			continue;
		if (!file->names)
			file->names = arena_alloc(sizeof *file->names);
		argvec_push(file->names, path);
		learned = true;
	}
	return learned;
}

/* clang writes names as in a string literal. */
static char *unescaped(char *name)
{
	char *to = name;

	for (const char *from = name; *from; from++) {
		if (*from == '\\' && (from[1] == '\\' || from[1] == '"'))
			from++;
		*to++ = *from;
	}
	*to = 0;
	return name;
}

bool deliver_learn_names(struct delivery *delivery)
{
	char *text;
	size_t length;
	bool learned = false;

	if (delivery->headers <= 0 || lseek(delivery->headers, 0, SEEK_SET) < 0 ||
		slurp_fd(delivery->headers, &text, &length) < 0)
		return false;
	char *kept = arena_copy(text, length);
	free(text);
	for (char *line = strtok(kept, "\n"); line; line = strtok(NULL, "\n"))
		learned |= learn_name(delivery, unescaped(line));
	return learned;
}

/* A header that was not opened is no gap: clang may take another branch than libclang
 * does. Where the list of headers is, it has been gone through. */
const char *deliver_unread_by_clang(const struct delivery *delivery)
{
	for (size_t i = 0; i < delivery->count; i++)
		if (delivery->files[i].is_source && delivery->files[i].fd >= 0 &&
			!tempfile_was_read(delivery->files[i].fd))
			return delivery->files[i].path;
	return NULL;
}
