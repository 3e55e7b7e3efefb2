/* posix.h - declares every mirror co_NAME with exactly the type that libc gives NAME.
 *
 * The rewriter does not use this file: it declares what a unit needs in the unit. Include
 * it, with _GNU_SOURCE defined before the first header, to call a mirror by name. What
 * each mirror promises is the man page of the function it mirrors; the waiting alone is
 * different. Mirrors are thread-safe where the mirrored function is, are plain calls in
 * threads that run no fibers, in signal handlers and in callbacks of the loop, and set
 * errno as the mirrored function does.
 */
#ifndef COHOOK_POSIX_H
#define COHOOK_POSIX_H

#ifndef _GNU_SOURCE
#error "define _GNU_SOURCE before the first header: accept4, pipe2 and dup3 are mirrored too"
#endif

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <resolv.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HOOK(name, waits, header) extern __typeof__(name) co_##name;
#if !defined __GLIBC__ && !defined COHOOK_LACKING_H
#define GNU(name, waits, header)
#endif
#include "cohook/hooks.def"

#ifdef __cplusplus
}
#endif

#endif
