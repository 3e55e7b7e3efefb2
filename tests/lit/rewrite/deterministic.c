// Intent: the same source gives the same text, byte for byte, whatever the folder and the name it is opened by.
// RUN: %cohook-cc --cohook-emit %s > %t.1 && %cohook-cc --cohook-emit %s > %t.2 && cmp %t.1 %t.2
// RUN: rm -rf %t.dir && mkdir -p %t.dir/x && cp %s %t.dir/x/copy.c && cd %t.dir && %cohook-cc --cohook-emit x/../x/copy.c > %t.3 && cmp %t.1 %t.3
#include <assert.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

int all(int fd, pthread_mutex_t *m)
{
	assert(pthread_mutex_lock(m) == 0);
	return close(fd) + dup(fd) + listen(fd, 1) + pthread_mutex_unlock(m) + (int)sizeof(close(fd));
}
int more(int fd)
{
	return shutdown(fd, 1) + close(fd);
}
