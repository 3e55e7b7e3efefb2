// Intent: cohook rewrite prints what cohook-cc would give to the compiler, and the source itself when nothing changes.
// RUN: %cohook rewrite %s -- -DTWICE > %t.1 && %cohook-cc --cohook-emit -DTWICE %s > %t.2 && cmp %t.1 %t.2 && not cmp %s %t.1
// RUN: echo 'int x;' > %t.c && %cohook rewrite %t.c | cmp - %t.c
// RUN: %cohook rewrite --threads=fiber %s | grep '^.return co_pthread_create(0, 0, f, 0);'
#include <pthread.h>
#include <unistd.h>
int one(int fd)
{
	return close(fd);
}
int start(void *(*f)(void *))
{
	return pthread_create(0, 0, f, 0);
}
