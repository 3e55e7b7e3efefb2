/* run.h - one execution of one scenario: which calls it makes, what it records, what it
 * must give back.
 *
 * A call under test is written
 *
 *	n = result(run, "read", enter(run)->read(fd, buf, sizeof(buf)));
 *
 * enter() gives the table of calls and notes that the subject is about to wait, result()
 * notes the value and errno in the trace and how long it took. */
#ifndef HARNESS_RUN_H
#define HARNESS_RUN_H

#include "harness/calls.h"
#include "harness/spot.h"
#include "harness/trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Where the scenario runs. */
enum mode {
	PLAIN = 1, /* libc, the main thread */
	ROOT = 2,  /* mirrors, the root fiber of the main thread, no other fiber */
	FIBER = 4, /* mirrors, a spawned fiber beside another that must go on running */
};

enum { MODES_ALL = PLAIN | ROOT | FIBER, MODES_MIRROR = ROOT | FIBER };

enum { KEPT_MAX = 64 };

struct run {
	const struct calls *calls;
	enum mode mode;
	struct trace *trace;
	const void *verb;   /* the suite's, see scenario.h */
	int kind;           /* the scenario's */
	int home;           /* thread id of the thread that runs it */
	atomic_ulong ticks; /* rounds of the other fiber, FIBER only */
	struct spot spot;   /* of the latest enter() */
	uint64_t entered_ns;
	uint64_t took_ns;     /* of the latest call */
	unsigned long ticked; /* ticks during the latest call */
	void (*on_enter)(struct run *run); /* NULL, or what enter() ends with */
	struct {
		int fd;
		bool mirrored;
	} kept[KEPT_MAX];
	size_t nkept;
};

#define MS UINT64_C(1000000)

/* The call that follows, and only it, is what the next result() or code() is about. */
const struct calls *enter(struct run *run);

/* Note WHAT = VALUE, and errno when it is -1. Gives VALUE; errno stays as the call left
 * it. */
ssize_t result(struct run *run, const char *what, ssize_t value);

/* The same for calls that return an error number. */
int code(struct run *run, const char *what, int error);

/* The same for calls that return a new descriptor: its number is not compared, and it is
 * kept. */
int descriptor(struct run *run, const char *what, int fd);

/* Have FD closed when the scenario ends: through the calls under test, or plainly because
 * it belongs to somebody else. Its status flags are compared before. let_go() takes that
 * back. */
int keep(struct run *run, int fd);
int keep_foreign(struct run *run, int fd);
void let_go(struct run *run, int fd);

/* Add a line to the trace; bytes are shown readably, many of them as a digest. */
void note(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));
void note_bytes(struct run *run, const char *what, const void *bytes, ssize_t size);

/* Note the status flags of FD as the kernel has them, whoever asks. */
void note_flags(struct run *run, const char *what, int fd);

/* "EAGAIN". */
const char *error_name(int error);

/* The latest call took at least MS milliseconds (and not absurdly more), and others ran
 * meanwhile. */
void took(struct run *run, unsigned ms);

/* The latest call came back without letting others run. */
void took_no_wait(struct run *run);

#define check(run, condition) \
	check_that(run, (condition), #condition, __FILE__, __LINE__)
void check_that(struct run *run, bool holds, const char *what, const char *file, int line);

/* An address where there is no memory. */
void *nowhere(void);

/* Run BODY in MODE in the calling process, whose main thread this is, and look for
 * leftovers. */
struct scenario;
void run_scenario(const struct scenario *scenario, enum mode mode, const void *verb,
	struct trace *trace);

#endif
