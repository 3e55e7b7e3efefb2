#ifndef CHANNEL_H
#define CHANNEL_H
#include <unistd.h>
struct channel { int fd; };
static inline int channel_close(struct channel *c)
{
	return close(c->fd);
}
#define CHANNEL_READ(c, b) read((c)->fd, b, 1)
#endif
