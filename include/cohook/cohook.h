/* cohook.h - fibers, scoped deadlines and access to the event loop.
 *
 * A program that is built with cohook-cc needs nothing from this file: its blocking calls
 * already wait cooperatively. Include it to make fibers by hand, to bound a stretch of
 * code in time, or to run handles of libuv beside fibers.
 *
 * Words: a *fiber* is a thread of control with a stack of its own; a *worker* is an OS
 * thread that runs fibers; the *root fiber* of a worker is the code that the OS thread
 * was running already, on its native stack. A thread becomes a worker when it first
 * spawns a fiber or asks for its loop. A fiber stays on the worker it was made on.
 *
 * Unless a comment says otherwise, functions may be called from any fiber and any thread,
 * and none is async-signal-safe. Functions that return int give 0 on success and a
 * negated errno value on failure; they leave errno and, on failure, their output
 * arguments alone.
 */
#ifndef COHOOK_COHOOK_H
#define COHOOK_COHOOK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CO_VERSION_MAJOR 0
#define CO_VERSION_MINOR 1
#define CO_VERSION_PATCH 0
#define CO_VERSION_STRING "0.1.0"

struct uv_loop_s;
typedef struct co_fiber co_fiber;

/* co_version - the version of the runtime that the program is linked with, like "0.1.0".
 * The string is static. Async-signal-safe. */
const char *co_version(void);

/* Attributes of a new fiber; zero in any field asks for the default. Initialise with {0}
 * so that fields of later versions stay default too. */
struct co_fiber_attr {
	size_t stack_size; /* bytes, rounded up to whole pages; default COHOOK_STACK (environment), or 256 KiB */
	const char *name;  /* copied, cut after 15 bytes as pthread_setname_np(3) has it */
	int detached;      /* non-zero: nobody will join it, it is freed when it ends */
};

/* co_fiber_spawn - start ENTRY(ARG) in a new fiber of the calling thread's worker.
 *
 * OUT receives the handle and may be NULL only for a detached fiber; ATTR may be NULL.
 * The handle of a fiber that is not detached stays valid until co_fiber_join() or
 * co_fiber_detach(); that of a detached fiber until the fiber ends. The fiber first runs
 * when the caller waits, yields or ends.
 *
 * The fiber owns copies of everything in ATTR; ARG is passed on as it is.
 *
 * -ENOMEM  no memory for the stack
 * -EINVAL  ENTRY is NULL, OUT is NULL though the fiber is joinable, or the stack size is below 4 KiB
 * -EPERM   called from a signal handler
 * Mirrors pthread_create(3). */
int co_fiber_spawn(co_fiber **out, const struct co_fiber_attr *attr,
	void *(*entry)(void *arg), void *arg);

/* co_fiber_join - wait until FIBER has ended and free it.
 *
 * RESULT, if not NULL, receives what its entry function returned or gave to
 * pthread_exit(3).
 *
 * -EINVAL    it is detached, or another caller is joining it already
 * -EDEADLK   a fiber cannot join itself
 * -ECANCELED the caller was cancelled while it waited; FIBER is still joinable
 * -ETIMEDOUT the caller's scoped deadline passed while it waited; FIBER is still joinable
 * Mirrors pthread_join(3). */
int co_fiber_join(co_fiber *fiber, void **result);

/* co_fiber_detach - give up the right to join FIBER; it frees itself when it ends.
 * -EINVAL if it is detached already or someone is joining it. Mirrors pthread_detach(3). */
int co_fiber_detach(co_fiber *fiber);

/* co_fiber_self - the handle of the running fiber; NULL in a root fiber, in a thread that
 * is no worker, in a callback of the loop and in a signal handler. */
co_fiber *co_fiber_self(void);

/* co_fiber_cancel - ask FIBER to stop waiting.
 *
 * The mirror it waits in, and every later mirror that would have to wait, fails with
 * ECANCELED (one that has moved some bytes already returns their count first). The
 * request stays set; the fiber ends when its entry function returns. Calls that do not
 * have to wait still succeed. Always 0. */
int co_fiber_cancel(co_fiber *fiber);

/* co_fiber_set_name - name FIBER, or the running fiber if FIBER is NULL, for messages and
 * debuggers. Only the first 15 bytes are kept. -EINVAL if NAME is NULL, or FIBER is NULL
 * and no fiber is running. */
int co_fiber_set_name(co_fiber *fiber, const char *name);

/* co_fiber_yield - let every other ready fiber of this worker run once, and look for
 * events, before going on. Returns at once where there is no worker. Mirrors
 * sched_yield(2). */
void co_fiber_yield(void);

/* co_deadline_enter, co_deadline_leave - bound everything between the two in time.
 *
 *	struct co_deadline d;
 *	co_deadline_enter(&d, 250 * 1000 * 1000);
 *	n = read(fd, buf, sizeof buf);          -1 with ETIMEDOUT once 250 ms are over
 *	co_deadline_leave(&d);
 *
 * From co_deadline_enter() on, a mirror of this fiber that would wait past TIMEOUT_NS
 * nanoseconds from now (CLOCK_MONOTONIC) fails with ETIMEDOUT instead; the sockets' own
 * SO_RCVTIMEO and SO_SNDTIMEO keep counting beside it with the errno that they have.
 * Calls that do not have to wait succeed even when the deadline has passed. Scopes nest:
 * the earliest deadline holds. D is the caller's, normally on its stack, and must live
 * until the matching co_deadline_leave() by the same fiber, in reverse order of entering.
 * Locks (pthread_mutex_lock and its kind) wait regardless of the scope, since they have
 * no way to fail.
 *
 * -EPERM  the calling thread is no worker; nothing was entered and leaving is harmless */
struct co_deadline {
	uint64_t due_ns; /* private */
	struct co_deadline *outer;
	void *owner;
};
int co_deadline_enter(struct co_deadline *d, uint64_t timeout_ns);
void co_deadline_leave(struct co_deadline *d);

/* co_loop - the libuv loop of the calling thread's worker, made on first use.
 *
 * Start handles and requests on it as usual. The worker drives them whenever its fibers
 * wait; do not call uv_run(), uv_stop() or uv_loop_close() on it. Callbacks run outside
 * of any fiber: mirrors in them are plain libc calls that block the worker, so spawn a
 * fiber for anything that waits. The loop belongs to the runtime and lives as long as the
 * worker. It may only be used on the worker's own thread.
 *
 * NULL with errno set (ENOMEM, EMFILE) when no loop could be made. */
struct uv_loop_s *co_loop(void);

#ifdef __cplusplus
}
#endif

#endif
