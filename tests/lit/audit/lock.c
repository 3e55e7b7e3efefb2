// Intent: a wait while a lock is held is found, in one function and by way of others of the unit; a branch that unlocks and leaves, a condition's own mutex, a lock on one way only and messages on stderr are let alone.
// RUN: cd %S && %cohook audit --rules=none,lock lock.c > %t && FileCheck --match-full-lines --strict-whitespace %s < %t
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t m, other;
static pthread_cond_t c;
static pthread_spinlock_t spin;
static pthread_rwlock_t rw;
#define LOCKED(x) pthread_mutex_lock(&(x))

int direct(int fd, char *b)
{
	pthread_mutex_lock(&m);
	int n = (int)read(fd, b, 1);
	pthread_mutex_unlock(&m);
	return n;
}

static int fetch(int fd, char *b)
{
	return (int)read(fd, b, 1);
}

static int deeper(int fd, char *b)
{
	return fetch(fd, b);
}

void by_way(int fd, char *b)
{
	pthread_spin_lock(&spin);
	deeper(fd, b);
	pthread_spin_unlock(&spin);
	deeper(fd, b);
}

void two(void)
{
	LOCKED(other);
	pthread_mutex_lock(&m);
	pthread_cond_wait(&c, &m);
	pthread_mutex_unlock(&m);
	pthread_mutex_unlock(&other);
}

static void take(void)
{
	pthread_rwlock_wrlock(&rw);
}

static void give(void)
{
	pthread_rwlock_unlock(&rw);
}

void helpers(int fd, char *b)
{
	take();
	sleep(1);
	give();
	read(fd, b, 1);
}

int branches(int fd, char *b, int way)
{
	pthread_mutex_lock(&m);
	switch (way) {
	case 0:
		pthread_mutex_unlock(&m);
		return (int)read(fd, b, 1);
	case 1:
		break;
	}
	while (way--) {
		if (!fd)
			continue;
		usleep(1);
	}
	if (way) {
		pthread_mutex_unlock(&m);
		return 0;
	} else {
		pthread_mutex_unlock(&m);
	}
	return (int)read(fd, b, 1);
}

static int cleans_up(int fd)
{
	pthread_mutex_lock(&other);
	if (fd < 0)
		goto out;
	pthread_mutex_unlock(&other);
	return 0;
out:
	pthread_mutex_unlock(&other);
	return -1;
}

void keeps(int fd, char *b)
{
	pthread_mutex_lock(&m);
	cleans_up(fd);
	read(fd, b, 1);
	pthread_mutex_unlock(&m);
}

int labels(int fd, char *b)
{
	pthread_mutex_lock(&m);
	if (fd < 0)
		goto out;
	return 0;
out:
	return (int)read(fd, b, 1);
}

void fine(int fd, char *b, int locked)
{
	if (locked)
		pthread_mutex_lock(&m);
	read(fd, b, 1);
	if (locked)
		pthread_mutex_unlock(&m);
	pthread_mutex_lock(&m);
	fprintf(stderr, "%d\n", fd);
	pthread_cond_wait(&c, &m);
	pthread_mutex_unlock(&m);
	read(fd, b, 1);
}
//      CHECK:lock.c:16:15: direct: read: lock: read waits for data while &m is held
// CHECK-NEXT:lock.c:15:2: note: &m is locked here
// CHECK-NEXT:lock.c:34:2: by_way: deeper: lock: deeper comes to read, which waits for data, while &spin is held
// CHECK-NEXT:lock.c:33:2: note: &spin is locked here
// CHECK-NEXT:lock.c:28:9: note: deeper calls fetch
// CHECK-NEXT:lock.c:23:14: note: fetch calls read
// CHECK-NEXT:lock.c:43:2: two: pthread_cond_wait: lock: pthread_cond_wait waits for another thread while &other is held
// CHECK-NEXT:lock.c:11:19: note: &other is locked here
// CHECK-NEXT:lock.c:61:2: helpers: sleep: lock: sleep waits for a point in time while &rw is held
// CHECK-NEXT:lock.c:60:2: note: &rw is locked here
// CHECK-NEXT:lock.c:79:3: branches: usleep: lock: usleep waits for a point in time while &m is held
// CHECK-NEXT:lock.c:68:2: note: &m is locked here
// CHECK-NEXT:lock.c:106:2: keeps: read: lock: read waits for data while &m is held
// CHECK-NEXT:lock.c:104:2: note: &m is locked here
// CHECK-NEXT:0 sites: 0 rewritten, 0 kept, 0 without a mirror
// CHECK-NEXT:also: 6 lock
//  CHECK-NOT:{{.}}
