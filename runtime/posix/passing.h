/* passing.h - descriptors that travel in messages. */
#ifndef COHOOK_PASSING_H
#define COHOOK_PASSING_H

#include <sys/socket.h>

/* HEADER was sent: the descriptors in it share their descriptions with another process
 * from now on. errno is kept. */
void co__passing_sent(const struct msghdr *header);

#endif
