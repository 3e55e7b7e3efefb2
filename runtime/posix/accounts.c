/* accounts.c - getpwnam, getgrgid and their kin, which may ask a directory service.
 *
 * libc's own functions run on the pool. What they give back is the process's, as with
 * libc. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "resolve.h"

/* The arguments of any of them, and the result. */
struct account_call {
	const char *name;
	id_t id;
	void *entry; /* struct passwd or struct group */
	char *buffer;
	size_t size;
	void *found; /* struct passwd ** or struct group ** */
	void *result;
};

static void *find(long (*work)(void *), struct account_call *c)
{
	co__resolve(work, c);
	return c->result;
}

/* --- users -------------------------------------------------------------------------------------------- */

static long user_by_name(void *arg)
{
	struct account_call *c = arg;

	c->result = getpwnam(c->name);
	return 0;
}

struct passwd *co_getpwnam(const char *name)
{
	return find(user_by_name, &(struct account_call){.name = name});
}

static long user_by_id(void *arg)
{
	struct account_call *c = arg;

	c->result = getpwuid(c->id);
	return 0;
}

struct passwd *co_getpwuid(uid_t id)
{
	return find(user_by_id, &(struct account_call){.id = id});
}

static long user_by_name_r(void *arg)
{
	const struct account_call *c = arg;

	return getpwnam_r(c->name, c->entry, c->buffer, c->size, c->found);
}

int co_getpwnam_r(const char *restrict name, struct passwd *restrict entry,
	char *restrict buffer, size_t size, struct passwd **restrict found)
{
	return (int)co__resolve(user_by_name_r, &(struct account_call){.name = name,
							.entry = entry,
							.buffer = buffer,
							.size = size,
							.found = found});
}

static long user_by_id_r(void *arg)
{
	const struct account_call *c = arg;

	return getpwuid_r(c->id, c->entry, c->buffer, c->size, c->found);
}

int co_getpwuid_r(uid_t id, struct passwd *restrict entry, char *restrict buffer,
	size_t size, struct passwd **restrict found)
{
	return (int)co__resolve(user_by_id_r, &(struct account_call){.id = id,
						      .entry = entry,
						      .buffer = buffer,
						      .size = size,
						      .found = found});
}

/* --- groups ------------------------------------------------------------------------------------------- */

static long group_by_name(void *arg)
{
	struct account_call *c = arg;

	c->result = getgrnam(c->name);
	return 0;
}

struct group *co_getgrnam(const char *name)
{
	return find(group_by_name, &(struct account_call){.name = name});
}

static long group_by_id(void *arg)
{
	struct account_call *c = arg;

	c->result = getgrgid(c->id);
	return 0;
}

struct group *co_getgrgid(gid_t id)
{
	return find(group_by_id, &(struct account_call){.id = id});
}

static long group_by_name_r(void *arg)
{
	const struct account_call *c = arg;

	return getgrnam_r(c->name, c->entry, c->buffer, c->size, c->found);
}

int co_getgrnam_r(const char *restrict name, struct group *restrict entry,
	char *restrict buffer, size_t size, struct group **restrict found)
{
	return (int)co__resolve(group_by_name_r, &(struct account_call){.name = name,
							 .entry = entry,
							 .buffer = buffer,
							 .size = size,
							 .found = found});
}

static long group_by_id_r(void *arg)
{
	const struct account_call *c = arg;

	return getgrgid_r(c->id, c->entry, c->buffer, c->size, c->found);
}

int co_getgrgid_r(gid_t id, struct group *restrict entry, char *restrict buffer,
	size_t size, struct group **restrict found)
{
	return (int)co__resolve(group_by_id_r, &(struct account_call){.id = id,
						       .entry = entry,
						       .buffer = buffer,
						       .size = size,
						       .found = found});
}
