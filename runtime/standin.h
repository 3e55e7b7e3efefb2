/* standin.h - a thread that blocks in a fiber's place.
 *
 * For calls that wait for another party, for as long as it likes (the other end of a
 * FIFO, a lock of a file): the threads of libuv's pool are few, and belong to work that
 * ends by itself. */
#ifndef COHOOK_STANDIN_H
#define COHOOK_STANDIN_H

/* Call WORK(ARG) on a thread of its own while the fiber waits; WORK's result, with errno
 * as WORK left it. WORK may use the caller's stack; it makes one system call that
 * signals interrupt. What ends the fiber's wait (HOW is enum wait_how) ends that call,
 * as a signal would have in the fiber's own thread: -1 and EINTR, ECANCELED or
 * ETIMEDOUT, unless it had come to its end. A cancellation point, unless the fiber's
 * cancellation is off. Without a worker WORK runs right here. */
long co__standin_call(long (*work)(void *arg), void *arg, unsigned how);

#endif
