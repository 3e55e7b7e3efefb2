/* passing.h - messages, and descriptors that travel in them. */
#ifndef COHOOK_PASSING_H
#define COHOOK_PASSING_H

#include <stdbool.h>
#include <sys/socket.h>

/* HEADER was sent: the descriptors in it share their descriptions with another process
 * from now on. errno is kept. */
void co__passing_sent(const struct msghdr *header);

/* recvmsg and sendmsg, in a call that has MOVED messages before: a signal ends it. */
ssize_t co__recvmsg_after(int fd, struct msghdr *header, int flags, bool moved);
ssize_t co__sendmsg_after(int fd, const struct msghdr *header, int flags, bool moved);

#endif
