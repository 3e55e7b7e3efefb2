/* getaddrinfo.c - getaddrinfo(3) through libc and through its mirror.
 *
 * Only what needs no network: addresses in numbers, names of /etc/hosts, services,
 * malformed requests. The list must be one that libc's freeaddrinfo() takes. */
#include "harness/run.h"
#include "harness/scenario.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

static void note_address(struct run *run, const struct addrinfo *a)
{
	char host[64] = "?", port[16] = "?";

	getnameinfo(a->ai_addr, a->ai_addrlen, host, sizeof(host), port, sizeof(port),
		NI_NUMERICHOST | NI_NUMERICSERV);
	note(run, "%s port %s, family %d, type %d, protocol %d, flags %#x, name %s", host, port,
		a->ai_family, a->ai_socktype, a->ai_protocol, (unsigned)a->ai_flags,
		a->ai_canonname ? a->ai_canonname : "none");
}

static void resolve(struct run *run, const char *host, const char *service,
	const struct addrinfo *hints)
{
	struct addrinfo *list = NULL, *a;
	ssize_t error = result(run, "getaddrinfo",
		enter(run)->getaddrinfo(host, service, hints, &list));

	if (error)
		return;
	for (a = list; a; a = a->ai_next)
		note_address(run, a);
	freeaddrinfo(list);
}

static void numbers(struct run *run)
{
	const struct addrinfo stream = {.ai_socktype = SOCK_STREAM};
	const struct addrinfo numeric = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_DGRAM};

	resolve(run, "127.0.0.1", "80", &stream);
	resolve(run, "::1", "80", &stream);
	resolve(run, "192.0.2.7", "65535", &numeric);
	resolve(run, "127.0.0.1", NULL, NULL);
	resolve(run, "127.1", "1", &stream);
}

static void any_address(struct run *run)
{
	const struct addrinfo passive = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	const struct addrinfo active = {.ai_socktype = SOCK_STREAM};

	resolve(run, NULL, "8080", &passive);
	resolve(run, NULL, "8080", &active);
}

static void names(struct run *run)
{
	const struct addrinfo stream = {
		.ai_socktype = SOCK_STREAM, .ai_family = AF_INET, .ai_flags = AI_CANONNAME};

	resolve(run, "localhost", NULL, &stream);
	resolve(run, "localhost", "80", NULL);
}

static void services(struct run *run)
{
	const struct addrinfo stream = {.ai_socktype = SOCK_STREAM, .ai_family = AF_INET};
	const struct addrinfo numeric = {.ai_flags = AI_NUMERICSERV};

	resolve(run, "127.0.0.1", "no-such-service", &stream);
	resolve(run, "127.0.0.1", "http", &numeric);
	resolve(run, "127.0.0.1", "99999", &stream);
	resolve(run, "127.0.0.1", "", &stream);
}

static void malformed(struct run *run)
{
	const struct addrinfo flags = {.ai_flags = 0x40000000};
	const struct addrinfo family = {.ai_family = 99};
	const struct addrinfo type = {.ai_socktype = 99};
	const struct addrinfo numeric = {.ai_flags = AI_NUMERICHOST};
	const struct addrinfo canonical = {.ai_flags = AI_CANONNAME};

	resolve(run, NULL, NULL, NULL);
	resolve(run, "127.0.0.1", "80", &flags);
	resolve(run, "127.0.0.1", "80", &family);
	resolve(run, "127.0.0.1", "80", &type);
	resolve(run, "not-a-number", "80", &numeric);
	resolve(run, NULL, "80", &canonical);
}

static void families(struct run *run)
{
	const struct addrinfo six = {.ai_family = AF_INET6, .ai_socktype = SOCK_STREAM};
	const struct addrinfo mapped = {.ai_family = AF_INET6, .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_V4MAPPED};

	resolve(run, "127.0.0.1", "80", &six);
	resolve(run, "127.0.0.1", "80", &mapped);
	resolve(run, "::1", "80", &(struct addrinfo){.ai_family = AF_INET});
}

/* longer than any name may be */
static void very_long_name(struct run *run)
{
	char name[2000];
	const struct addrinfo numeric = {.ai_flags = AI_NUMERICHOST};

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	resolve(run, name, NULL, &numeric);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"numbers", numbers},
		{"any address", any_address},
		{"names", names},
		{"services", services},
		{"malformed", malformed},
		{"families", families},
		{"very long name", very_long_name},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("getaddrinfo");
}
