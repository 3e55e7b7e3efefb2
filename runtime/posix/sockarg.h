/* sockarg.h - the socket address parameters of connect(2) and its kind, which glibc
 * declares as transparent unions under _GNU_SOURCE and other C libraries as plain
 * pointers. */
#ifndef COHOOK_SOCKARG_H
#define COHOOK_SOCKARG_H

#include <sys/socket.h>

#ifdef __GLIBC__
#define SOCKADDR_OF(argument) ((argument).__sockaddr__)
#else
#define __SOCKADDR_ARG struct sockaddr *restrict
#define __CONST_SOCKADDR_ARG const struct sockaddr *
#define SOCKADDR_OF(argument) (argument)
#endif

#endif
