/* net.h - what the examples need of sockets: plain POSIX calls that block. */
#ifndef NET_H
#define NET_H

#include <stddef.h>

/* Listen on PORT of 127.0.0.1 ("0": any free one) and announce the address on stdout.
 * Returns the socket; ends the program with a message when it cannot. */
int net_listen(const char *port);

/* The next connection. -1 with errno set only when the listening socket itself is of no
 * more use. */
int net_accept(int listener);

/* Write all LENGTH bytes. 0, or -1 with errno set. */
int net_write(int fd, const void *data, size_t length);

/* A number from the command line; ends the program with a message unless it is within
 * [LOW, HIGH]. */
long net_number(const char *text, long low, long high);

#endif
