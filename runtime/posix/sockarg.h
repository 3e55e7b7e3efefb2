/* sockarg.h - parameters that C libraries declare with different types: the socket address
 * of connect(2) and its kind, which glibc has as transparent unions under _GNU_SOURCE, the
 * flags of sendmmsg(2), the request of ioctl(2). */
#ifndef COHOOK_SOCKARG_H
#define COHOOK_SOCKARG_H

#include <sys/socket.h>

#ifdef __GLIBC__
#define SOCKADDR_OF(argument) ((argument).__sockaddr__)
#define MMSG_FLAGS int
#define IOCTL_REQUEST unsigned long
#else
#define __SOCKADDR_ARG struct sockaddr *restrict
#define __CONST_SOCKADDR_ARG const struct sockaddr *
#define SOCKADDR_OF(argument) (argument)
#define MMSG_FLAGS unsigned
#define IOCTL_REQUEST int
#endif

#endif
