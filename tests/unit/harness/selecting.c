/* selecting.c - sets of descriptors, what is in them before and after. */
#include "harness/selecting.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

enum { HIGH = 1500 };

static int call(struct run *run, int n, fd_set *sets[3], struct timespec *span)
{
	const struct selecting *verb = run->verb;

	return (int)result(run, verb->name, verb->select(run, n, sets, span));
}

/* Wait for FD by the sets whose letters are in HOW, "rwx"; note in which it is then. */
static int select_one(struct run *run, int fd, const char *how, int ms)
{
	struct timespec span = {ms / 1000, ms % 1000 * 1000000};
	fd_set set[3], *sets[3];
	char after[4] = "...";
	int i, r;

	for (i = 0; i < 3; i++) {
		FD_ZERO(&set[i]);
		sets[i] = strchr(how, "rwx"[i]) ? &set[i] : NULL;
		if (sets[i])
			FD_SET(fd, sets[i]);
	}
	r = call(run, fd + 1, sets, ms < 0 ? NULL : &span);
	for (i = 0; i < 3; i++)
		if (sets[i] && FD_ISSET(fd, sets[i]))
			after[i] = "rwx"[i];
	note(run, "in %s", after);
	return r;
}

static void ready_at_once(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	pair_put(run, &pair, "hello");
	select_one(run, pair.mine, "rx", -1);
	select_one(run, pair.mine, "rx", 1000);
	select_one(run, pair.mine, "rx", 0);
	took_no_wait(run);
}

static void waits_for_data(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	char buf[16];

	peer_start(run, &peer);
	select_one(run, pair.mine, "rx", -1);
	peer_join(&peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_start(run, &peer);
	select_one(run, pair.mine, "r", 60000);
	peer_join(&peer);
}

static void waits_on_foreign_descriptor(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};

	peer_start(run, &peer);
	select_one(run, pair.mine, "r", -1);
	peer_join(&peer);
}

static void peer_takes_until_left(struct peer *peer)
{
	struct pollfd p = {peer->fd, POLLIN, 0};
	char buf[1024];

	while (!atomic_load(&peer->run->spot.left)) {
		if (poll(&p, 1, 1) > 0)
			peer->count += read(peer->fd, buf, sizeof(buf));
	}
}

static void waits_for_room(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_takes_until_left, .fd = pair.theirs};

	narrow(run, &pair);
	fill_up(run, &pair);
	select_one(run, pair.mine, "w", 0);
	peer_start(run, &peer);
	select_one(run, pair.mine, "w", -1);
	peer_join(&peer);
}

static void end_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};

	peer_start(run, &peer);
	select_one(run, pair.mine, "rx", -1);
	peer_join(&peer);
	select_one(run, pair.mine, "rwx", 0);
}

static void peer_sends_urgent(struct peer *peer)
{
	peer->count = send(peer->fd, "!", 1, MSG_OOB);
}

static void urgent_data(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer peer = {.act = peer_sends_urgent, .fd = pair.theirs};

	peer_start(run, &peer);
	select_one(run, pair.mine, "x", -1);
	peer_join(&peer);
}

/* A hang-up is no exceptional condition: the wait goes on, and not in a circle. */
static void hang_up_is_not_asked_for(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, TO_ME);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};
	struct timespec before, after;

	peer_start(run, &peer);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
	select_one(run, pair.mine, "x", 300);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
	took(run, 300);
	peer_join(&peer);
	if (run->mode == ROOT) /* a fiber's thread has the other fiber to run, too */
		check(run, (after.tv_sec - before.tv_sec) * 1000000000 +
				after.tv_nsec - before.tv_nsec < (long)(60 * MS));
}

static void timeout_passes(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	select_one(run, pair.mine, "rx", 30);
	took(run, 30);
	select_one(run, pair.mine, "r", 1);
	took(run, 1);
	select_one(run, pair.mine, "r", 0);
	took_no_wait(run);
}

static void nothing_to_select_is_a_sleep(struct run *run)
{
	struct timespec span = {0, 30 * MS};
	fd_set *sets[3] = {NULL}, set;

	call(run, 0, sets, &span);
	took(run, 30);
	FD_ZERO(&set);
	sets[0] = sets[2] = &set;
	span = (struct timespec){0, 10 * MS};
	call(run, 500, sets, &span);
	took(run, 10);
}

static void bad_arguments(struct run *run)
{
	static const struct timespec spans[] = {{-1, 0}, {0, -1000}};
	fd_set *sets[3] = {NULL};
	struct timespec span;
	size_t i;

	for (i = 0; i < COUNT(spans); i++) {
		span = spans[i];
		call(run, 0, sets, &span);
	}
	span = (struct timespec){0, 1000};
	call(run, -1, sets, &span);
	call(run, -1, sets, NULL);
	sets[1] = nowhere();
	call(run, 1, sets, NULL);
	call(run, 0, sets, &span); /* it is not looked at */
	took_no_wait(run);
}

/* On failure the sets are as they were. */
static void bad_descriptors(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct timespec span = {1, 0};
	fd_set set, *sets[3] = {&set};

	FD_ZERO(&set);
	FD_SET(pair.mine, &set);
	FD_SET(200, &set);
	check(run, fcntl(pair.mine, F_DUPFD, 255) >= 0 && close(255) == 0);
	call(run, 201, sets, NULL);
	note(run, "%d %d", FD_ISSET(pair.mine, &set) != 0, FD_ISSET(200, &set) != 0);
	call(run, 201, sets, &span);
	took_no_wait(run);
	let_go(run, pair.mine);
	check(run, run->calls->close(pair.mine) == 0);
	select_one(run, pair.mine, "r", -1);
}

/* The last of several is the one that something happens to; the others leave the sets. */
static void several_at_once(struct run *run)
{
	static const int kinds[] = {TCP, PIPE, UDP, UNIX_STREAM};
	struct pair pairs[4];
	struct peer peer = {.act = peer_writes, .data = "hello", .size = 5};
	fd_set set, *sets[3] = {&set};
	size_t i, j;

	for (i = 0; i < COUNT(pairs); i++)
		pairs[i] = pair_open(run, kinds[i], TO_ME);
	for (i = 0; i < COUNT(pairs); i++) {
		FD_ZERO(&set);
		for (j = 0; j < COUNT(pairs); j++)
			FD_SET(pairs[j].mine, &set);
		peer.fd = pairs[i].theirs;
		peer_start(run, &peer);
		call(run, FD_SETSIZE, sets, NULL);
		peer_join(&peer);
		for (j = 0; j < COUNT(pairs); j++)
			note(run, "%d", FD_ISSET(pairs[j].mine, &set) != 0);
		check(run, run->calls->read(pairs[i].mine, &set, sizeof(set)) == 5);
	}
}

static void files_are_ready(struct run *run)
{
	select_one(run, keep_foreign(run, open("/dev/null", O_RDWR)), "rwx", -1);
	select_one(run, keep_foreign(run, open("/proc/self/exe", O_RDONLY)), "rw", -1);
	took_no_wait(run);
}

/* Sets of more bits than FD_SETSIZE: the kernel knows no such limit. */
static void beyond_the_set_size(struct run *run)
{
	static unsigned long bits[(HIGH + 64) / 64 + 1];
	const size_t word = HIGH / 64, bit = HIGH % 64;
	fd_set *sets[3] = {(fd_set *)(void *)bits};
	struct rlimit limit, more;
	struct peer peer = {.act = peer_writes, .data = "12345678", .size = 8};
	int fd = eventfd(0, 0);

	getrlimit(RLIMIT_NOFILE, &limit);
	more = limit;
	more.rlim_cur = more.rlim_max;
	check(run, setrlimit(RLIMIT_NOFILE, &more) == 0);
	peer.fd = keep_foreign(run, fcntl(fd, F_DUPFD, HIGH));
	close(fd);
	check(run, peer.fd == HIGH);
	bits[word] = 1ul << bit;
	bits[word + 1] = ~0ul;
	peer_start(run, &peer);
	call(run, HIGH + 1, sets, NULL);
	peer_join(&peer);
	note(run, "%#lx %#lx", bits[word], bits[word + 1]);
	bits[word] = 0;
}

/* Old programs name the limit of descriptors, and have an fd_set: what lies behind it is
 * neither read nor written. */
static void more_bits_than_there_are(struct run *run)
{
	struct timespec span = {0, 10 * MS};
	struct {
		fd_set set;
		unsigned char behind[64 * 1024];
	} *memory = calloc(1, sizeof(*memory));
	fd_set *sets[3] = {&memory->set};
	struct pair pair = pair_open(run, PIPE, TO_ME);
	size_t i, touched = 0;

	memset(memory->behind, 0xff, sizeof(memory->behind));
	FD_SET(pair.mine, &memory->set);
	call(run, 400000, sets, &span);
	took(run, 10);
	pair_put(run, &pair, "hello");
	FD_SET(pair.mine, &memory->set);
	call(run, INT_MAX, sets, NULL);
	note(run, "set: %d", FD_ISSET(pair.mine, &memory->set) != 0);
	for (i = 0; i < sizeof(memory->behind); i++)
		touched += memory->behind[i] != 0xff;
	note(run, "touched: %zu", touched);
	free(memory);
}

static void interrupted(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, run->kind);
	peer_start(run, &peer);
	select_one(run, pair.mine, "rx", -1); /* the sets are as they were */
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

void selecting_add(const struct selecting *verb)
{
	static const struct scenario scenarios[] = {
		{"ready at once (tcp)", ready_at_once, TCP},
		{"ready at once (pipe)", ready_at_once, PIPE},
		{"waits for data (tcp)", waits_for_data, TCP},
		{"waits for data (udp)", waits_for_data, UDP},
		{"waits for data (unix stream)", waits_for_data, UNIX_STREAM},
		{"waits for data (pipe)", waits_for_data, PIPE},
		{"waits for data (pty)", waits_for_data, PTY},
		{"foreign descriptor (tcp)", waits_on_foreign_descriptor, TCP},
		{"foreign descriptor (pipe)", waits_on_foreign_descriptor, PIPE},
		{"waits for room (unix stream)", waits_for_room, UNIX_STREAM},
		{"waits for room (pipe)", waits_for_room, PIPE},
		{"end while waiting (tcp)", end_while_waiting, TCP},
		{"end while waiting (pipe)", end_while_waiting, PIPE},
		{"urgent data", urgent_data},
		{"hang-up is not asked for", hang_up_is_not_asked_for, PIPE},
		{"timeout passes (tcp)", timeout_passes, TCP},
		{"timeout passes (pipe)", timeout_passes, PIPE},
		{"nothing to select is a sleep", nothing_to_select_is_a_sleep},
		{"bad arguments", bad_arguments},
		{"bad descriptors", bad_descriptors},
		{"several at once", several_at_once},
		{"files are ready", files_are_ready},
		{"beyond the set size", beyond_the_set_size},
		{"more bits than there are", more_bits_than_there_are},
		{"interrupted", interrupted, 0, PLAIN | ROOT},
		{"not restarted", interrupted, SA_RESTART, PLAIN | ROOT},
	};

	suite_add(scenarios, COUNT(scenarios), verb);
}
