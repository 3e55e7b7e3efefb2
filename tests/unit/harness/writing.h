/* writing.h - what every call that writes to a stream has in common: fputc, fputs, fwrite,
 * fprintf and their kin. */
#ifndef HARNESS_WRITING_H
#define HARNESS_WRITING_H

#include "harness/stream.h"

struct writing {
	/* Calls under test that write SIZE bytes, which have no NUL among them and one
	 * behind; through enter() and result(). */
	void (*give)(struct run *run, FILE *fp, const char *text, size_t size);
	bool on_stdout; /* the call names no stream: FP is in the place of stdout */
};

/* Add the shared scenarios for VERB to the suite. */
void writing_add(const struct writing *verb);

/* A reader of the other end, from when the call waits to the end of the stream. */
struct collector {
	char *bytes;
	size_t n;
};

struct peer;
void peer_collects(struct peer *peer);

/* Close FP, join the peer and note the last SIZE bytes that came. */
void note_collected(struct run *run, FILE *fp, struct peer *peer, size_t size);

/* Note what has arrived so far. */
void note_arrived(struct run *run, int theirs);

/* SIZE bytes of text in lines of 72, with a NUL behind, valid to the next call. */
const char *some_text(size_t size);

#endif
