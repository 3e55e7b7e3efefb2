/* getnameinfo.c - getnameinfo(3) through libc and through its mirror. Only what needs no
 * network. */
#include "harness/bystander.h"
#include "harness/scenario.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

static struct sockaddr_in loopback(void)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
		.sin_port = htons(80),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static void name_of(struct run *run, const void *address, socklen_t size, int flags)
{
	char host[256] = "", service[64] = "";
	ssize_t r = result(run, "getnameinfo",
		enter(run)->getnameinfo(address, size, host, sizeof(host), service,
			sizeof(service), flags));

	if (r == 0)
		note(run, "host %s, service %s", host, service);
}

static void numbers(struct run *run)
{
	const struct sockaddr_in address = loopback();
	const struct sockaddr_in6 six = {.sin6_family = AF_INET6,
		.sin6_port = htons(443),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT};

	name_of(run, &address, sizeof(address), NI_NUMERICHOST | NI_NUMERICSERV);
	took_no_wait(run);
	name_of(run, &six, sizeof(six), NI_NUMERICHOST | NI_NUMERICSERV);
}

static void names(struct run *run)
{
	const struct sockaddr_in address = loopback();
	struct bystander bystander;

	bystander_start(run, &bystander);
	name_of(run, &address, sizeof(address), 0);
	bystander_ran(run, &bystander);
	name_of(run, &address, sizeof(address), NI_DGRAM);
	name_of(run, &address, sizeof(address), NI_NUMERICHOST);
	name_of(run, &address, sizeof(address), NI_NUMERICSERV | NI_NAMEREQD);
}

static void malformed(struct run *run)
{
	const struct sockaddr_in address = loopback();
	const struct sockaddr odd = {.sa_family = 99};
	char host[4];

	name_of(run, &address, 3, 0);
	name_of(run, &odd, sizeof(odd), 0);
	name_of(run, &address, sizeof(address), 1 << 20);
	result(run, "getnameinfo",
		enter(run)->getnameinfo(
			(const void *)&address, sizeof(address), NULL, 0, NULL, 0, 0));
	result(run, "getnameinfo",
		enter(run)->getnameinfo((const void *)&address, sizeof(address), host,
			sizeof(host), NULL, 0, NI_NUMERICHOST));
	result(run, "getnameinfo",
		enter(run)->getnameinfo((const void *)&address, sizeof(address), host,
			sizeof(host), NULL, 0, 0));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"numbers", numbers},
		{"names", names},
		{"malformed", malformed},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("getnameinfo");
}
