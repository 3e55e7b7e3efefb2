/* configfile.c - owns the way from a source to its .cohook file.
 *
 * The nearest one counts, from the source's folder upwards, and no other; each is read
 * once in the life of the process. Where there is none, the cost is one failed open(2)
 * for each folder. Called by sources and by the audit before a source is looked at. */
#include "configfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abspath.h"
#include "config.h"
#include "diag.h"
#include "pool.h"
#include "settings.h"
#include "slurp.h"

static const char file_name[] = ".cohook";

static struct {
	struct pool *pool;
	struct config **list;
	size_t count;
} known;

static struct config *find_known(const char *path)
{
	for (size_t i = 0; i < known.count; i++)
		if (strcmp(known.list[i]->path, path) == 0)
			return known.list[i];
	return NULL;
}

/* Reads the file open as FD. */
static const struct config *read_file(int fd, const char *path)
{
	struct config *config = find_known(path);
	const char *trouble, *slash = strrchr(path, '/');
	size_t length;
	char *text;

	if (config)
		return config;
	int err = slurp_fd(fd, &text, &length);
	if (err)
		diag_fatal("%s: %s", path, strerror(-err));
	config = pool_alloc(known.pool, sizeof *config);
	config->pool = known.pool;
	config->path = path;
	config->folder = pool_copy(known.pool, path, (size_t)(slash - path));
	if (config_parse(config, text, length, &trouble) < 0)
		diag_fatal("%s", trouble);
	free(text);
	known.list = pool_grow(known.pool, known.list, known.count, sizeof *known.list);
	known.list[known.count++] = config;
	return config;
}

/* A folder of that name is no configuration, such as a cache might be. */
static const struct config *try(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return NULL;
	if (fd < 0)
		diag_fatal("%s: %s", path, strerror(errno));
	bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	const struct config *config =
		regular ? read_file(fd, pool_string(known.pool, path)) : NULL;
	close(fd);
	return config;
}

/* The nearest one in the folder of SOURCE, an absolute path, and those above. */
static const struct config *search(const char *source)
{
	const char *path = pool_string(known.pool, source);
	const char *slash;

	while ((slash = strrchr(path, '/'))) {
		size_t length = (size_t)(slash - path);
		const struct config *config = try(
			pool_printf(known.pool, "%.*s/%s", (int)length, path, file_name));
		if (config)
			return config;
		path = pool_copy(known.pool, path, length);
	}
	return NULL;
}

static const struct config *named(const char *path)
{
	const struct config *config = try(abspath(known.pool, path));

	if (!config)
		diag_fatal("there is no configuration file '%s'", path);
	return config;
}

void configfile_apply(struct rewrite_request *request, const struct settings *settings)
{
	if (settings->config && strcmp(settings->config, "off") == 0)
		return;
	if (!known.pool)
		known.pool = pool_new();
	const char *source = abspath(known.pool, request->source);
	const struct config *config =
		settings->config ? named(settings->config) : search(source);
	if (!config)
		return;
	request->config = config;
	request->excluded = config_keeps_file(config, known.pool, source);
	if (settings->threads_given)
		return;
	unsigned line = config_threads(config, source, &request->threads);
	if (line && request->threads == THREADS_OS)
		request->threads_by =
			pool_printf(known.pool, "%s:%u", config->path, line);
}
