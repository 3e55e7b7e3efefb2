/* database.c - owns the entries of compilation databases that clang writes for rewritten
 * units.
 *
 * clang records the words that it was given, and those that hand over the text are
 * nobody's business. It writes to a file of ours; the entry goes to the user's, without
 * them, once the attempt has succeeded. Called by attempt and split. */
#include "database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "slurp.h"
#include "tempfile.h"

int database_redirect(struct argvec *words)
{
	int fd = tempfile_memory("", 0, NULL);

	if (fd < 0)
		return fd;
	argvec_push(words, "-MJ");
	argvec_push(words, tempfile_path(fd));
	return fd;
}

/* The words as clang writes them in a list. */
static const char *as_listed(const struct argvec *words)
{
	const char *text = "";

	for (size_t i = 0; i < words->count; i++)
		text = arena_printf("%s\"%s\", ", text, words->items[i]);
	return text;
}

static void cut_out(char *text, const char *piece)
{
	char *found = *piece ? strstr(text, piece) : NULL;

	if (found)
		memmove(found, found + strlen(piece), strlen(found + strlen(piece)) + 1);
}

static int append(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

	if (fd < 0)
		return -errno;
	int err = write(fd, text, strlen(text)) < 0 ? -errno : 0;
	if (close(fd) < 0 && !err)
		err = -errno;
	return err;
}

int database_store(int fd, const char *path, const struct argvec *ours)
{
	char *text;
	size_t length;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	int err = slurp_fd(fd, &text, &length);
	if (err)
		return err;
	cut_out(text, as_listed(ours));
	err = append(path, text);
	free(text);
	return err;
}
