/* crew.h - the workers that the program's threads are spread over.
 *
 * With one worker wanted, threads become fibers of the thread that makes them. With more,
 * they go to OS threads of our own, and the thread that makes them stays as it is. */
#ifndef COHOOK_CREW_H
#define COHOOK_CREW_H

struct member;
struct worker;

/* Where a new fiber goes. */
struct place {
	struct worker *worker;
	struct member *member; /* NULL for the calling thread's worker */
};

/* The place with the fewest live fibers. The worker stays until co__crew_release(), and
 * then as long as it has fibers. -EAGAIN, -ENOMEM, -EMFILE, -EPERM in a signal handler. */
int co__crew_claim(struct place *place);
void co__crew_release(const struct place *place);

/* The calling thread, if it is the process's first, tells us when it ends: the others go
 * on, and the process ends with the last fiber. */
void co__crew_watch_main(void);

/* Some worker has no fibers left; in its loop's context, see worker.c. */
void co__crew_idle(void);

/* Around fork(2). ORPHAN: the worker of the fiber that forked, NULL if no fiber did. */
void co__crew_before_fork(void);
void co__crew_after_fork(void);
void co__crew_forked(struct worker *orphan);

#endif
