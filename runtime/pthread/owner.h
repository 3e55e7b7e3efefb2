/* owner.h - which fiber holds a recursive or error-checking mutex, or has a read-write
 * lock for writing.
 *
 * libc knows the thread alone, and the fibers of a worker are one thread to it. */
#ifndef COHOOK_OWNER_H
#define COHOOK_OWNER_H

struct co_fiber;

/* The fiber that holds OBJECT, NULL if none of ours does. */
struct co_fiber *co__owner_get(const void *object);

/* FIBER, which holds the real object, has locked it once more. 0, ENOMEM. */
int co__owner_push(const void *object, struct co_fiber *fiber);
/* FIBER is about to unlock it once. */
void co__owner_pop(const void *object);
/* FIBER holds it, whoever was said to. 0, ENOMEM. */
int co__owner_set(const void *object, struct co_fiber *fiber);

/* OBJECT is initialised anew, destroyed, or about to be free. */
void co__owner_clear(const void *object);

#endif
