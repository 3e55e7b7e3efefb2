/* reading.h - what every call that reads from a stream has in common: fgetc, fgets,
 * getline, fread, fscanf and their kin. */
#ifndef HARNESS_READING_H
#define HARNESS_READING_H

#include "harness/stream.h"

struct reading {
	/* Calls under test that read one record to BUF: SIZE bytes, or fewer that end with
	 * '\n'. How many bytes came; the calls go through enter() and result(). */
	ssize_t (*take)(struct run *run, FILE *fp, char *buf, size_t size);
	bool whole;    /* one call takes the whole record */
	bool on_stdin; /* the call names no stream: FP is in the place of stdin */
};

/* Add the shared scenarios for VERB to the suite. */
void reading_add(const struct reading *verb);

#endif
