/* nameserver.c - answers questions about names, one after the other.
 *
 * An answer is the question again, with other flags and with records behind. */
#include "harness/nameserver.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	MESSAGE_MAX = 1024,
	RECORDS = 40, /* of "many" */
	SCRAP = 5,    /* bytes, less than a header has */
	IS_ANSWER = 0x80,
	IS_CUT = 0x02,
	RECURSES = 0x80, /* who does not, and knows nothing, is asked no more */
};

/* An A record of the name in the question. */
static const unsigned char record[] = {
	0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0x0e, 0x10, 0, 4, 192, 0, 2, 7};

struct reply {
	const char *label;
	int code;
	int records;
};

static const struct reply replies[] = {
	{"host", ns_r_noerror, 1},
	{"many", ns_r_noerror, RECORDS},
	{"late", ns_r_noerror, 1},
	{"stray", ns_r_noerror, 1},
	{"cut", ns_r_noerror, 1},
	{"none", ns_r_noerror, 0},
	{"fail", ns_r_servfail, 0},
	{"refused", ns_r_refused, 0},
	{"scrap", ns_r_noerror, 0},
};
static const struct reply no_such_name = {"", ns_r_nxdomain, 0};

static const struct reply *reply_to(const unsigned char *question)
{
	const unsigned char *name = question + NS_HFIXEDSZ;

	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		const char *label = replies[i].label;

		if (*name == strlen(label) && !memcmp(name + 1, label, *name))
			return &replies[i];
	}
	return &no_such_name;
}

/* Make an answer of the question in MESSAGE, SIZE bytes; its size. */
static size_t answer(unsigned char *message, size_t size, const struct reply *reply)
{
	message[2] |= IS_ANSWER;
	message[3] = (unsigned char)(RECURSES | reply->code);
	message[7] = (unsigned char)reply->records;
	for (int i = 0; i < reply->records; i++) {
		memcpy(message + size, record, sizeof(record));
		size += sizeof(record);
	}
	return size;
}

struct client {
	struct nameserver *server;
	struct sockaddr_in address;
};

static void tell(const struct client *c, const unsigned char *message, size_t size)
{
	sendto(c->server->udp, message, size, 0, (const void *)&c->address,
		sizeof(c->address));
}

static void tell_stray(const struct client *c, unsigned char *message, size_t size)
{
	message[0] ^= 1;
	tell(c, message, size);
	message[0] ^= 1;
}

/* Two bytes of size go ahead of each message. */
static void talk_over_tcp(struct nameserver *server)
{
	unsigned char message[2 + MESSAGE_MAX];
	int fd = accept(server->tcp, NULL, NULL);
	ssize_t n = recv(fd, message, 2, MSG_WAITALL);
	size_t size = (size_t)(message[0] << 8 | message[1]);

	if (n == 2 && recv(fd, message + 2, size, MSG_WAITALL) == (ssize_t)size) {
		size = answer(message + 2, size, reply_to(message + 2));
		message[0] = (unsigned char)(size >> 8);
		message[1] = (unsigned char)size;
		send(fd, message, size + 2, MSG_NOSIGNAL);
	} else {
		trace_failure(server->peer.run->trace, "nothing came over TCP");
	}
	close(fd);
}

static void tell_cut(const struct client *c, unsigned char *message, size_t size)
{
	message[2] |= IS_ANSWER | IS_CUT;
	message[3] = RECURSES;
	tell(c, message, size);
	talk_over_tcp(c->server);
}

static void tell_late(const struct client *c, unsigned char *message, size_t size)
{
	unsigned char next;

	atomic_store(&c->server->holds, true);
	peer_await(&c->server->peer);
	c->server->more_came =
		recv(c->server->udp, &next, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
	tell(c, message, size);
}

static void reply(const struct client *c, unsigned char *message, size_t size)
{
	const struct reply *r = reply_to(message);
	const char *label = r->label;

	if (!strcmp(label, "cut")) {
		tell_cut(c, message, size);
		return;
	}
	size = answer(message, size, r);
	if (!strcmp(label, "late")) {
		tell_late(c, message, size);
		return;
	}
	if (!strcmp(label, "stray"))
		tell_stray(c, message, size);
	tell(c, message, strcmp(label, "scrap") ? size : SCRAP);
}

/* Until an empty message comes. */
static void serve(struct peer *peer)
{
	struct client c = {.server = peer->arg};
	unsigned char message[MESSAGE_MAX];

	for (;;) {
		socklen_t size = sizeof(c.address);
		ssize_t n = recvfrom(c.server->udp, message, sizeof(message), 0,
			(void *)&c.address, &size);

		if (n <= NS_HFIXEDSZ)
			return;
		reply(&c, message, (size_t)n);
	}
}

/* A socket of TYPE at ADDRESS; where that has no port, it gets one. */
static int socket_at(int type, struct sockaddr_in *address)
{
	socklen_t size = sizeof(*address);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (const void *)address, size) < 0 ||
		getsockname(fd, (void *)address, &size) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static struct sockaddr_in loopback(void)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

/* Both sockets have the same port, which must be free for both. */
static void open_sockets(struct nameserver *server)
{
	do {
		server->address = loopback();
		server->tcp = socket_at(SOCK_STREAM, &server->address);
		server->udp = socket_at(SOCK_DGRAM, &server->address);
		if (server->udp < 0)
			close(server->tcp);
	} while (server->udp < 0);
	listen(server->tcp, 1);
}

void nameserver_start(struct run *run, struct nameserver *server)
{
	open_sockets(server);
	server->more_came = false;
	atomic_store(&server->holds, false);
	server->peer = (struct peer){.act = serve, .at_once = true, .arg = server};
	peer_start(run, &server->peer);
}

void nameserver_stop(struct nameserver *server)
{
	sendto(server->udp, "", 0, 0, (const void *)&server->address,
		sizeof(server->address));
	peer_join(&server->peer);
	close(server->udp);
	close(server->tcp);
}

/* It is connected to somebody else, itself. */
int nobody_there(struct run *run, struct sockaddr_in *address)
{
	int fd;

	*address = loopback();
	fd = socket_at(SOCK_DGRAM, address);
	check(run, connect(fd, (const void *)address, sizeof(*address)) == 0);
	return fd;
}
