/* stress.c - three workers at random for a while: locks, conditions, descriptors that are
 * closed under their readers, timeouts and cancels. The seeds are fixed; what is checked
 * is that nothing is lost, that nobody gets what belongs to others, and that everybody
 * ends. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"

#include <sys/socket.h>

enum { WORKERS = 3, FIBERS = 8, ROUNDS = 3000, LOCKS = 4, LINES = 6 };

struct random {
	uint64_t state;
};

static unsigned below(struct random *r, unsigned n)
{
	r->state ^= r->state << 13;
	r->state ^= r->state >> 7;
	r->state ^= r->state << 17;
	return (unsigned)((r->state >> 20) % n);
}

/* Two locks of each of two types, and what they cover. */
static struct guarded {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	long a, b;  /* always the same outside of the lock */
	long level; /* tokens to be taken */
} guarded[LOCKS];

/* Connections; each is closed and made anew by whoever feels like it. */
static struct line {
	pthread_mutex_t mutex; /* covers fds */
	int fds[2];

} lines[LINES];

static atomic_long given, taken, opened, closed;

static void change(struct guarded *g, struct random *r)
{
	must(co_pthread_mutex_lock(&g->mutex) == 0);
	must(g->a == g->b);
	g->a++;
	if (below(r, 3) == 0)
		co_fiber_yield();
	if (below(r, 20) == 0)
		must(co_usleep(below(r, 200)) == 0);
	g->b++;
	must(co_pthread_mutex_unlock(&g->mutex) == 0);
}

static void give(struct guarded *g, struct random *r)
{
	must(co_pthread_mutex_lock(&g->mutex) == 0);
	g->level++;
	atomic_fetch_add(&given, 1);
	must((below(r, 4) ? co_pthread_cond_signal : co_pthread_cond_broadcast)(
		     &g->cond) == 0);
	must(co_pthread_mutex_unlock(&g->mutex) == 0);
}

static struct timespec from_now(unsigned us)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec += (long)us * 1000;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	return ts;
}

static void take(struct guarded *g, struct random *r)
{
	struct timespec until = from_now(below(r, 2000));
	int result = 0;

	if (co_pthread_mutex_timedlock(&g->mutex, &until) == ETIMEDOUT)
		return;
	while (g->level == 0 && result == 0)
		result = co_pthread_cond_timedwait(&g->cond, &g->mutex, &until);
	must(result == 0 || result == ETIMEDOUT);
	if (g->level > 0) {
		g->level--;
		atomic_fetch_add(&taken, 1);
	}
	must(co_pthread_mutex_unlock(&g->mutex) == 0);
}

/* --- lines ------------------------------------------------------------------------- */

static void line_open(struct line *l)
{
	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, l->fds) == 0);
	atomic_fetch_add(&opened, 1);
}

/* Numbers are used again at once, often by another line. */
static void renew(struct line *l)
{
	must(co_pthread_mutex_lock(&l->mutex) == 0);
	must(co_close(l->fds[0]) == 0 && co_close(l->fds[1]) == 0);
	atomic_fetch_add(&closed, 1);
	line_open(l);
	must(co_pthread_mutex_unlock(&l->mutex) == 0);
}

static int look_at(struct line *l, int end)
{
	int fd;

	must(co_pthread_mutex_lock(&l->mutex) == 0);
	fd = l->fds[end];
	must(co_pthread_mutex_unlock(&l->mutex) == 0);
	return fd;
}

static bool may_fail_with(int error)
{
	static const int errors[] = {
		EAGAIN, EBADF, ECANCELED, ETIMEDOUT, EPIPE, ECONNRESET, ENOTSOCK};

	for (size_t i = 0; i < COUNT(errors); i++)
		if (error == errors[i])
			return true;
	return false;
}

static void listen_in(struct line *l, struct random *r)
{
	struct co_deadline d;
	int fd = look_at(l, 0);
	char buf[16];
	ssize_t n;

	must(co_deadline_enter(&d, below(r, 3000) * UINT64_C(1000)) == 0);
	n = below(r, 2) ? co_read(fd, buf, sizeof(buf))
			: co_recv(fd, buf, sizeof(buf), 0);
	must(n >= 0 || may_fail_with(errno));
	co_deadline_leave(&d);
}

static void speak(struct line *l, struct random *r)
{
	struct co_deadline d;
	int fd = look_at(l, 1);
	char buf[16] = "";

	must(co_deadline_enter(&d, below(r, 3000) * UINT64_C(1000)) == 0);
	must(co_send(fd, buf, 1 + below(r, 15), MSG_NOSIGNAL) > 0 ||
		may_fail_with(errno));
	co_deadline_leave(&d);
}

static void watch_lines(struct random *r)
{
	struct pollfd fds[LINES];

	for (int i = 0; i < LINES; i++)
		fds[i] = (struct pollfd){look_at(&lines[i], 0), POLLIN, 0};
	must(co_poll(fds, LINES, (int)below(r, 3)) >= 0);
}

/* --- everybody --------------------------------------------------------------------- */

static void *live(void *arg)
{
	struct random r = {(uintptr_t)arg * UINT64_C(0x9e3779b97f4a7c15)};

	for (int i = 0; i < ROUNDS; i++) {
		struct guarded *g = &guarded[below(&r, LOCKS)];
		struct line *l = &lines[below(&r, LINES)];
		switch (below(&r, 10)) {
		case 0:
			give(g, &r);
			break;
		case 1:
			take(g, &r);
			break;
		case 2:
			renew(l);
			break;
		case 3:
		case 4:
			listen_in(l, &r);
			break;
		case 5:
		case 6:
			speak(l, &r);
			break;
		case 7:
			watch_lines(&r);
			break;
		default:
			change(g, &r);
		}
	}
	return NULL;
}

static void *work(void *arg)
{
	co_fiber *fibers[FIBERS];

	for (uintptr_t i = 0; i < FIBERS; i++)
		fibers[i] = spawn(live, (void *)((uintptr_t)arg * FIBERS + i + 1));
	for (int i = 0; i < FIBERS; i++)
		join(fibers[i]);
	return NULL;
}

static void set_up(void)
{
	pthread_mutexattr_t attr;

	must(pthread_mutexattr_init(&attr) == 0);
	for (int i = 0; i < LOCKS; i++) {
		must(pthread_mutexattr_settype(&attr, i % 2 ? PTHREAD_MUTEX_RECURSIVE
							    : PTHREAD_MUTEX_NORMAL) == 0);
		must(co_pthread_mutex_init(&guarded[i].mutex, &attr) == 0);
		must(co_pthread_cond_init(&guarded[i].cond, NULL) == 0);
	}
	for (int i = 0; i < LINES; i++) {
		must(co_pthread_mutex_init(&lines[i].mutex, NULL) == 0);
		line_open(&lines[i]);
	}
	pthread_mutexattr_destroy(&attr);
}

static void three_workers_at_random(void **state)
{
	pthread_t threads[WORKERS];
	long left = 0;

	(void)state;
	set_up();
	for (uintptr_t i = 0; i < WORKERS; i++)
		must(pthread_create(&threads[i], NULL, work, (void *)i) == 0);
	for (int i = 0; i < WORKERS; i++)
		must(pthread_join(threads[i], NULL) == 0);
	for (int i = 0; i < LOCKS; i++) {
		assert_int_equal(guarded[i].a, guarded[i].b);
		left += guarded[i].level;
	}
	assert_int_equal(atomic_load(&given), atomic_load(&taken) + left);
	assert_int_equal(atomic_load(&opened), atomic_load(&closed) + LINES);
	for (int i = 0; i < LINES; i++)
		must(co_close(lines[i].fds[0]) == 0 && co_close(lines[i].fds[1]) == 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_workers_at_random),
	};

	return RUN(tests);
}
