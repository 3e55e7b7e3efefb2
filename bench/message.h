/* message.h - what a request and its reply look like, byte by byte. */
#ifndef BENCH_MESSAGE_H
#define BENCH_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

enum {
	MESSAGE_MAX = 1 << 20, /* bytes of a message */
	TAG_LENGTH = 12, /* hexadecimal digits that make each request unlike any other */
};

/* A message with a hole of TAG_LENGTH bytes that each request fills with its own tag. */
struct message {
	char *bytes;
	size_t length;
	size_t hole; /* offset of the tag; LENGTH when there is none */
};

/* message_parse - a message from TEXT, where '@' is the tag (at most one) and \r \n \t
 * \\ \@ mean what they do in C. 0 or -EINVAL, -E2BIG, -ENOMEM. */
int message_parse(struct message *m, const char *text);

/* message_pattern - LENGTH bytes (at least TAG_LENGTH) that start with the tag. 0 or
 * -errno. */
int message_pattern(struct message *m, size_t length);

/* message_stamp - put the tag of request NUMBER of connection CONNECTION into M. What
 * m->bytes held before is overwritten. */
void message_stamp(struct message *m, uint32_t connection, uint32_t number);

void message_fini(struct message *m);

#endif
