/* worker.h - how a thread becomes a worker, and how it stops being one. */
#ifndef COHOOK_WORKER_H
#define COHOOK_WORKER_H

#include "fiber.h"

/* The calling thread's worker, made now if it has none. NULL with errno set; EPERM in a
 * signal handler. */
struct worker *co__worker_enter(void);

/* The worker with this id, or NULL. It stays valid while the caller knows that it has
 * live fibers. */
struct worker *co__worker_by_id(int id);

/* The worker whose OS thread THREAD is, or NULL. */
struct worker *co__worker_of(pthread_t thread);

/* The descriptors that the workers' loops rest on, ascending, each once; how many, at most
 * MOST. */
size_t co__worker_descriptors(int *fds, size_t most);

/* Run the worker's other fibers until they all have ended. From the root fiber. */
void co__worker_finish(struct worker *w);

/* Run them until worker->stopping is set and they all have ended. From the root fiber.
 * co__worker_stop() sets it; any thread, while something keeps the worker from ending. */
void co__worker_serve(struct worker *w);
void co__worker_stop(struct worker *w);

/* Whether the process has threads of our own only: OTHERS, and helpers that never end. False
 * without helpers: then libc sees the end itself. */
bool co__worker_is_last(unsigned others);

/* How many workers the program wants for the threads that it makes, by COHOOK_WORKERS or
 * by the processors that it may use. */
unsigned co__wanted_workers(void);

/* What COHOOK_STACK says of the stacks whose size the program leaves to us, in bytes; 0
 * without it. Known once the calling thread has a worker. */
size_t co__wanted_stack(void);

#endif
