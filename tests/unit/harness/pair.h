/* pair.h - two connected ends of every kind of descriptor that can be waited for. */
#ifndef HARNESS_PAIR_H
#define HARNESS_PAIR_H

#include "harness/run.h"

enum kind {
	TCP = 1,
	TCP6,
	UDP,
	UNIX_STREAM,
	UNIX_DGRAM,
	UNIX_SEQPACKET,
	PIPE,
	FIFO,
	PTY, /* MINE is the program's side, raw */
};

/* Which way bytes go through the pair; both where the kind allows. */
enum way { TO_ME, FROM_ME };

struct pair {
	int mine;   /* made through the calls under test where they can */
	int theirs; /* the peer's */
};

/* Both ends are kept by RUN. The kind is the run's own if KIND is 0. */
struct pair pair_open(struct run *run, int kind, enum way way);

/* The same, but made by foreign code: nothing went through the calls under test. */
struct pair pair_open_foreign(struct run *run, int kind, enum way way);

/* A TCP socket that listens on an ephemeral port of the loopback; its address goes to
 * ADDRESS. Made by CALLS, not kept. */
struct sockaddr_in;
int listener_open(const struct calls *calls, struct sockaddr_in *address, int backlog);

/* Have TEXT written by the other side, and see it arrive. */
void pair_put(struct run *run, const struct pair *pair, const char *text);

/* Write to the other side until there is no more room, and will not be unless it reads;
 * who does so has to open_up() its end first. */
void fill_up(struct run *run, const struct pair *pair);
void open_up(int theirs);

/* Make room for little: so that a few writes fill the pair. */
void narrow(struct run *run, const struct pair *pair);

#endif
