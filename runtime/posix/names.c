/* names.c - gethostbyname and its kin, getnameinfo.
 *
 * libc's own functions run on the pool. What they give back is the process's, as with
 * libc; h_errno is the thread's and is carried there and back. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fiber.h"
#include "resolve.h"

#include <arpa/inet.h>

/* The arguments of any of them, and the result. */
struct host_call {
	const void *key; /* a name or an address */
	socklen_t size;
	int family;
	struct hostent *entry;
	char *buffer;
	size_t buffer_size;
	struct hostent **found;
	int *error;
	int h_error;
	struct hostent *result;
};

/* A name that is an address in numbers is nobody's to ask. */
static bool is_number(const char *name, int family)
{
	unsigned char address[16];

	return name && inet_pton(family, name, address) == 1;
}

/* --- results in libc's memory ------------------------------------------------------------------------- */

static struct hostent *find(long (*work)(void *), struct host_call *c)
{
	c->h_error = h_errno;
	co__resolve(work, c);
	h_errno = c->h_error;
	return c->result;
}

static long by_name(void *arg)
{
	struct host_call *c = arg;

	h_errno = c->h_error;
	c->result = gethostbyname(c->key);
	c->h_error = h_errno;
	return 0;
}

struct hostent *co_gethostbyname(const char *name)
{
	if (is_number(name, AF_INET))
		return gethostbyname(name);
	return find(by_name, &(struct host_call){.key = name});
}

static long by_name2(void *arg)
{
	struct host_call *c = arg;

	h_errno = c->h_error;
	c->result = gethostbyname2(c->key, c->family);
	c->h_error = h_errno;
	return 0;
}

struct hostent *co_gethostbyname2(const char *name, int family)
{
	if (is_number(name, family))
		return gethostbyname2(name, family);
	return find(by_name2, &(struct host_call){.key = name, .family = family});
}

static long by_address(void *arg)
{
	struct host_call *c = arg;

	h_errno = c->h_error;
	c->result = gethostbyaddr(c->key, c->size, c->family);
	c->h_error = h_errno;
	return 0;
}

struct hostent *co_gethostbyaddr(const void *address, socklen_t size, int family)
{
	return find(by_address,
		&(struct host_call){.key = address, .size = size, .family = family});
}

/* --- results in the caller's memory ------------------------------------------------------------------- */

static long by_name_r(void *arg)
{
	const struct host_call *c = arg;

	return gethostbyname_r(
		c->key, c->entry, c->buffer, c->buffer_size, c->found, c->error);
}

int co_gethostbyname_r(const char *restrict name, struct hostent *restrict entry,
	char *restrict buffer, size_t size, struct hostent **restrict found,
	int *restrict error)
{
	struct host_call c = {.key = name,
		.entry = entry,
		.buffer = buffer,
		.buffer_size = size,
		.found = found,
		.error = error};

	if (is_number(name, AF_INET))
		return (int)by_name_r(&c);
	return (int)co__resolve(by_name_r, &c);
}

static long by_name2_r(void *arg)
{
	const struct host_call *c = arg;

	return gethostbyname2_r(c->key, c->family, c->entry, c->buffer, c->buffer_size,
		c->found, c->error);
}

int co_gethostbyname2_r(const char *restrict name, int family,
	struct hostent *restrict entry, char *restrict buffer, size_t size,
	struct hostent **restrict found, int *restrict error)
{
	struct host_call c = {.key = name,
		.family = family,
		.entry = entry,
		.buffer = buffer,
		.buffer_size = size,
		.found = found,
		.error = error};

	if (is_number(name, family))
		return (int)by_name2_r(&c);
	return (int)co__resolve(by_name2_r, &c);
}

static long by_address_r(void *arg)
{
	const struct host_call *c = arg;

	return gethostbyaddr_r(c->key, c->size, c->family, c->entry, c->buffer,
		c->buffer_size, c->found, c->error);
}

int co_gethostbyaddr_r(const void *restrict address, socklen_t size, int family,
	struct hostent *restrict entry, char *restrict buffer, size_t buffer_size,
	struct hostent **restrict found, int *restrict error)
{
	struct host_call c = {.key = address,
		.size = size,
		.family = family,
		.entry = entry,
		.buffer = buffer,
		.buffer_size = buffer_size,
		.found = found,
		.error = error};

	return (int)co__resolve(by_address_r, &c);
}

/* --- getnameinfo -------------------------------------------------------------------------------------- */

struct name_call {
	const struct sockaddr *address;
	socklen_t size;
	char *host;
	socklen_t host_size;
	char *service;
	socklen_t service_size;
	int flags;
};

static long name_of(void *arg)
{
	const struct name_call *c = arg;

	return getnameinfo(c->address, c->size, c->host, c->host_size, c->service,
		c->service_size, c->flags);
}

/* Whether no server will be asked. */
static bool is_numeric(const struct name_call *c)
{
	return (c->flags & NI_NUMERICHOST || !c->host || !c->host_size) &&
	       (c->flags & NI_NUMERICSERV || !c->service || !c->service_size);
}

int co_getnameinfo(const struct sockaddr *restrict address, socklen_t size,
	char *restrict host, socklen_t host_size, char *restrict service,
	socklen_t service_size, int flags)
{
	struct name_call c = {
		address, size, host, host_size, service, service_size, flags};

	return (int)(is_numeric(&c) ? name_of(&c) : co__resolve(name_of, &c));
}
