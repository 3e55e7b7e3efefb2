/* taker.h - how each call takes bytes from a descriptor, or learns that there are some. */
#ifndef CONFORMANCE_TAKER_H
#define CONFORMANCE_TAKER_H

#include "harness/run.h"

enum trait {
	STDIO = 1,     /* reads ahead, keeps its place */
	EAGER = 2,     /* waits for an event: no timeout of the socket's, never restarted */
	WHOLE = 4,     /* waits until the buffer is full */
	NEVER = 8,     /* does not wait */
	NO_BUFFER = 16,
	EPOLLS = 32,   /* forgets what is closed */
	DEAF = 64,     /* to O_NONBLOCK */
	SHORT = 128,   /* a part ends the call */
};

struct taker {
	const char *call, *how; /* HOW: which of its forms, or "" */
	/* Through enter() and result(); the bytes are noted. */
	void (*take)(struct run *run, int fd, void *buf, size_t size);
	int kinds;  /* see kinds.h */
	int traits;
};

extern const struct taker takers[];
extern const size_t ntakers;

/* Before the first call of a scenario. */
void taker_begin(void);

#endif
