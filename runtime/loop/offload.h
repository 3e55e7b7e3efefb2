/* offload.h - run something that blocks on a thread of libuv's pool while the fiber
 * waits. */
#ifndef COHOOK_OFFLOAD_H
#define COHOOK_OFFLOAD_H

/* Call WORK(ARG) on another thread and let other fibers run until it is done; WORK's
 * result, with errno as WORK left it. WORK may use the caller's stack. The wait cannot be
 * cut short: like a disk's. In a thread that has no worker, and when the pool takes no
 * work, WORK runs right here. */
long co__offload(long (*work)(void *arg), void *arg);

#endif
