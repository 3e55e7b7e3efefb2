/* addrinfo.c - getaddrinfo.
 *
 * libc's own function runs on the pool, so the list is libc's and freeaddrinfo() frees
 * it. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "resolve.h"

#include <arpa/inet.h>
#include <stdbool.h>

struct lookup {
	const char *node, *service;
	const struct addrinfo *hints;
	struct addrinfo **list;
};

static long look_up(void *arg)
{
	const struct lookup *l = arg;

	return getaddrinfo(l->node, l->service, l->hints, l->list);
}

static bool numeric_address(const char *node)
{
	unsigned char address[16];

	return !node || inet_pton(AF_INET, node, address) == 1 ||
	       inet_pton(AF_INET6, node, address) == 1;
}

static bool numeric_port(const char *service)
{
	if (!service)
		return true;
	while (*service >= '0' && *service <= '9')
		service++;
	return *service == '\0';
}

/* Whether no server and no file will be asked. */
static bool immediate(const char *node, const char *service, const struct addrinfo *hints)
{
	if (!numeric_address(node) && !(hints && hints->ai_flags & AI_NUMERICHOST))
		return false;
	return numeric_port(service) || (hints && hints->ai_flags & AI_NUMERICSERV);
}

int co_getaddrinfo(const char *restrict node, const char *restrict service,
	const struct addrinfo *restrict hints, struct addrinfo **restrict list)
{
	struct lookup l = {node, service, hints, list};

	if (immediate(node, service, hints))
		return getaddrinfo(node, service, hints, list);
	return (int)co__resolve(look_up, &l);
}
