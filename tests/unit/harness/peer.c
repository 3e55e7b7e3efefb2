/* peer.c - plain threads that talk to a scenario, each acting on what it sees and never
 * on the clock.
 *
 * A peer belongs to its caller's storage from peer_start() to peer_join(). */
#include "harness/peer.h"
#include "harness/pair.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATTERN_PERIOD = 251, CHUNK = 4096 };

static struct spot *spot_of(struct peer *peer)
{
	return peer->spot ? peer->spot : &peer->run->spot;
}

void peer_await(struct peer *peer)
{
	if (!spot_blocked(peer->run, spot_of(peer)))
		trace_failure(peer->run->trace, "the call did not wait");
}

static void *run_peer(void *arg)
{
	struct peer *peer = arg;

	if (!peer->at_once)
		peer_await(peer);
	peer->act(peer);
	return NULL;
}

void peer_start(struct run *run, struct peer *peer)
{
	sigset_t all, before;
	int error;

	peer->run = run;
	if (!peer->spot)
		spot_reset(&run->spot);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&peer->thread, NULL, run_peer, peer);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	check(run, error == 0);
}

void peer_join(struct peer *peer)
{
	pthread_join(peer->thread, NULL);
}

/* Foreign code meets the descriptor as it is: should somebody have made it non-blocking,
 * wait all the same. */
static bool wait_for(int fd, short events)
{
	struct pollfd p = {fd, events, 0};

	return errno == EAGAIN && poll(&p, 1, -1) > 0;
}

void peer_writes(struct peer *peer)
{
	const char *data = peer->data;
	size_t left = peer->size;

	do {
		ssize_t n = write(peer->fd, data, left);

		if (n < 0 && wait_for(peer->fd, POLLOUT))
			continue;
		if (n < 0) {
			trace_failure(peer->run->trace, "peer: write: %s", error_name(errno));
			return;
		}
		data += n;
		left -= (size_t)n;
	} while (left > 0);
}

void peer_closes(struct peer *peer)
{
	open_up(peer->fd);
	let_go(peer->run, peer->fd);
	close(peer->fd);
}

void peer_resets(struct peer *peer)
{
	const struct linger at_once = {1, 0};

	setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	peer_closes(peer);
}

void peer_shuts_down(struct peer *peer)
{
	if (shutdown(peer->fd, SHUT_WR) < 0)
		trace_failure(peer->run->trace, "peer: shutdown: %s", error_name(errno));
}

static unsigned char pattern[PATTERN_PERIOD + CHUNK];

static void make_pattern(void)
{
	size_t i;

	for (i = 0; i < sizeof(pattern); i++)
		pattern[i] = (unsigned char)(i % PATTERN_PERIOD);
}

/* The bytes from OFFSET on, for the length of a chunk: the pattern repeats itself. */
static const unsigned char *pattern_from(size_t offset)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_pattern);
	return pattern + offset % PATTERN_PERIOD;
}

void pattern_fill(void *buf, size_t size)
{
	size_t done, part;

	for (done = 0; done < size; done += part) {
		part = size - done < CHUNK ? size - done : CHUNK;
		memcpy((char *)buf + done, pattern_from(done), part);
	}
}

void peer_drains(struct peer *peer)
{
	unsigned char buf[CHUNK];
	size_t total = 0;

	while (total < peer->size) {
		size_t want = peer->size - total < CHUNK ? peer->size - total : CHUNK;
		ssize_t n = read(peer->fd, buf, want);

		if (n < 0 && wait_for(peer->fd, POLLIN))
			continue;
		if (n <= 0)
			break;
		if (memcmp(buf, pattern_from(total), (size_t)n)) {
			trace_failure(peer->run->trace, "peer: wrong bytes from %zu on", total);
			break;
		}
		total += (size_t)n;
	}
	peer->count = (ssize_t)total;
}

void peer_signals(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, (int)peer->size);
}

void peer_says_nothing(struct peer *peer)
{
	(void)peer;
}
