#ifndef STREAM_HPP
#define STREAM_HPP
#include <unistd.h>
namespace stream {
static inline long get(int fd, char *b) { return ::read(fd, b, 1); }
struct end {
	int fd;
	long put(const char *b) { return ::write(fd, b, 1); }
};
}
#endif
