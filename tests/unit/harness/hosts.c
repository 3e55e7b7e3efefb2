/* hosts.c - scenarios of gethostbyname and its kin. Only what needs no network:
 * /etc/hosts, numbers, what is malformed. */
#include "harness/hosts.h"
#include "harness/bystander.h"
#include "harness/scenario.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

char host_buffer[4096];

struct hostent *host_found(struct run *run, int error, struct hostent *entry, int h_error)
{
	note(run, "returned %s, errno %s", error_name(error), error_name(errno));
	if (!entry)
		h_errno = h_error;
	return entry;
}

struct host_address host_address(const char *name, int family)
{
	struct host_address a = {.size = family == AF_INET ? 4 : 16};

	inet_pton(family, name, a.bytes);
	return a;
}

static void note_entry(struct run *run, const struct hostent *entry)
{
	char text[64];

	if (!entry) {
		note(run, "nothing, h_errno %d", h_errno);
		return;
	}
	note(run, "%s, family %d, %d bytes", entry->h_name, entry->h_addrtype,
		entry->h_length);
	for (char **alias = entry->h_aliases; *alias; alias++)
		note(run, "alias %s", *alias);
	for (char **address = entry->h_addr_list; *address; address++)
		note(run, "address %s",
			inet_ntop(entry->h_addrtype, *address, text, sizeof(text)));
}

static const struct hostent *find_sized(
	struct run *run, const char *name, int family, size_t size)
{
	const struct hosts *verb = run->verb;
	const struct hostent *entry;

	h_errno = -7;
	entry = verb->find(run, name, family, size);
	note_entry(run, entry);
	return entry;
}

static const struct hostent *find(struct run *run, const char *name, int family)
{
	return find_sized(run, name, family, sizeof(host_buffer));
}

static const char *this_host(const struct run *run)
{
	return ((const struct hosts *)run->verb)->by_address ? "127.0.0.1" : "localhost";
}

static void others_run(struct run *run)
{
	struct bystander bystander;

	bystander_start(run, &bystander);
	find(run, this_host(run), AF_INET);
	bystander_ran(run, &bystander);
}

static void numbers(struct run *run)
{
	find(run, "192.0.2.7", AF_INET);
	took_no_wait(run);
	find(run, "127.1", AF_INET);
}

static void six(struct run *run)
{
	find(run, ((const struct hosts *)run->verb)->by_address ? "::1" : "localhost",
		AF_INET6);
}

static void odd_families(struct run *run)
{
	find(run, this_host(run), AF_UNIX);
	find(run, this_host(run), 99);
}

/* A result stays until the caller asks again. */
static void stays(struct run *run)
{
	const struct hostent *entry = find(run, this_host(run), AF_INET);
	const struct timespec span = {0, 1000};

	run->calls->nanosleep(&span, NULL);
	note_entry(run, entry);
	note_entry(run, find(run, this_host(run), AF_INET));
}

static void malformed(struct run *run)
{
	char name[400];

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	find(run, name, AF_INET);
	find(run, "", AF_INET);
}

static void little_room(struct run *run)
{
	find_sized(run, this_host(run), AF_INET, 10);
	find_sized(run, this_host(run), AF_INET, 0);
}

static const struct scenario always[] = {
	{"others run", others_run},
	{"stays", stays},
};
static const struct scenario names[] = {
	{"numbers", numbers},
	{"malformed", malformed},
};
static const struct scenario families[] = {
	{"six", six},
	{"odd families", odd_families},
};
static const struct scenario buffers[] = {{"little room", little_room}};

void hosts_add(const struct hosts *verb)
{
	suite_add(always, COUNT(always), verb);
	if (!verb->by_address)
		suite_add(names, COUNT(names), verb);
	if (verb->any_family)
		suite_add(families, COUNT(families), verb);
	if (verb->in_buffer)
		suite_add(buffers, COUNT(buffers), verb);
}
