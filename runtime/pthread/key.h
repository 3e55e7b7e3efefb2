/* key.h - thread-specific values of fibers. */
#ifndef COHOOK_KEY_H
#define COHOOK_KEY_H

struct co_fiber;

/* Run the destructors of FIBER's values, in rounds, and forget the values. On the fiber
 * itself. */
void co__keys_end(struct co_fiber *fiber);

#endif
