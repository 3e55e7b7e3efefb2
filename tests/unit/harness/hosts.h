/* hosts.h - what gethostbyname and its kin have in common. */
#ifndef HARNESS_HOSTS_H
#define HARNESS_HOSTS_H

#include "harness/run.h"

#include <netdb.h>

struct hosts {
	/* The call under test, through enter(): the entry, or NULL and h_errno. The forms
	 * with a buffer are given SIZE bytes of one. */
	struct hostent *(*find)(
		struct run *run, const char *name, int family, size_t size);
	bool by_address; /* names are addresses in numbers */
	bool any_family;
	bool in_buffer;
};

void hosts_add(const struct hosts *verb);

/* What such a form did, for a find(). */
struct hostent *host_found(
	struct run *run, int error, struct hostent *entry, int h_error);

/* The buffer for it. */
extern char host_buffer[4096];

/* NAME as an address of FAMILY. */
struct host_address {
	unsigned char bytes[16];
	socklen_t size;
};
struct host_address host_address(const char *name, int family);

#endif
