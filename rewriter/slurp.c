/* slurp.c - owns reading things whole: response files, captured output, standard input.
 *
 * The text always ends in a NUL that LENGTH does not count. */
#include "slurp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_ROOM = 16 * 1024 };

/* One read(2) into TEXT behind LENGTH, which has ROOM bytes; bytes read or -errno. */
static ssize_t fill(int fd, char *text, size_t length, size_t room)
{
	for (;;) {
		ssize_t n = read(fd, text + length, room - length - 1);
		if (n >= 0)
			return n;
		if (errno != EINTR)
			return -errno;
	}
}

/* slurp_fd() with a first buffer of ROOM. */
static int slurp(int fd, size_t room, char **text, size_t *length)
{
	size_t used = 0;
	char *buffer = malloc(room);
	ssize_t n = 1;

	while (buffer && (n = fill(fd, buffer, used, room)) > 0) {
		used += (size_t)n;
		if (room - used > 1)
			continue;
		char *larger = realloc(buffer, room *= 2);
		if (!larger)
			free(buffer);
		buffer = larger;
	}
	if (!buffer)
		return -ENOMEM;
	if (n < 0) {
		free(buffer);
		return (int)n;
	}
	buffer[used] = 0;
	*text = buffer;
	*length = used;
	return 0;
}

int slurp_fd(int fd, char **text, size_t *length)
{
	return slurp(fd, FIRST_ROOM, text, length);
}

int slurp_path(const char *path, char **text, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0)
		return -errno;
	int err = fstat(fd, &st) < 0 ? -errno : 0;
	if (!err && !S_ISREG(st.st_mode))
		err = S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
	/* Room for the file, the NUL and a byte that would tell that it has grown. */
	if (!err)
		err = slurp(fd, (size_t)st.st_size + 2, text, length);
	close(fd);
	return err;
}
