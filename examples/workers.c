/* workers - checksum many files at once: a pool of threads fed through a bounded queue.
 *
 *	workers [-j THREADS] FILE...
 *
 * The main thread hands out the files, each worker reads one after the other, and the
 * results come out in the order of the command line: bytes, lines, FNV-1a checksum, name.
 * The queue is the textbook's: one mutex, one condition for "there is work", one for
 * "there is room". */
#include "net.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 4, THREADS_MAX = 256 };

struct job {
	const char *name;
	int error; /* an errno value, or 0 and the rest is valid */
	uintmax_t bytes, lines;
	uint64_t checksum;
};

static struct queue {
	pthread_mutex_t lock;
	pthread_cond_t work, room;
	struct job *jobs[ROOM];
	unsigned first, length;
	bool closed; /* nothing more will be put in */
} queue = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.work = PTHREAD_COND_INITIALIZER,
	.room = PTHREAD_COND_INITIALIZER,
};

static void queue_put(struct queue *q, struct job *job)
{
	pthread_mutex_lock(&q->lock);
	while (q->length == ROOM)
		pthread_cond_wait(&q->room, &q->lock);
	q->jobs[(q->first + q->length++) % ROOM] = job;
	pthread_cond_signal(&q->work);
	pthread_mutex_unlock(&q->lock);
}

/* The next job; NULL when the queue is closed and empty. */
static struct job *queue_take(struct queue *q)
{
	struct job *job = NULL;

	pthread_mutex_lock(&q->lock);
	while (q->length == 0 && !q->closed)
		pthread_cond_wait(&q->work, &q->lock);
	if (q->length > 0) {
		job = q->jobs[q->first];
		q->first = (q->first + 1) % ROOM;
		q->length--;
		pthread_cond_signal(&q->room);
	}
	pthread_mutex_unlock(&q->lock);
	return job;
}

static void queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->work);
	pthread_mutex_unlock(&q->lock);
}

static void add(struct job *job, const unsigned char *data, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		job->lines += data[i] == '\n';
		job->checksum = (job->checksum ^ data[i]) * UINT64_C(0x100000001b3);
	}
	job->bytes += length;
}

static void digest(struct job *job)
{
	unsigned char buffer[8192];
	ssize_t n;
	int fd = open(job->name, O_RDONLY | O_CLOEXEC);

	job->checksum = UINT64_C(0xcbf29ce484222325);
	if (fd < 0) {
		job->error = errno;
		return;
	}
	while ((n = read(fd, buffer, sizeof(buffer))) != 0) {
		if (n > 0)
			add(job, buffer, (size_t)n);
		else if (errno != EINTR)
			break;
	}
	job->error = n < 0 ? errno : 0;
	close(fd);
}

static void *work(void *argument)
{
	uintptr_t done = 0;

	(void)argument;
	for (struct job *job; (job = queue_take(&queue)); done++)
		digest(job);
	return (void *)done;
}

static int report(const struct job *jobs, int n)
{
	int status = 0;

	for (const struct job *job = jobs; job < jobs + n; job++) {
		if (job->error) {
			fprintf(stderr, "workers: %s: %s\n", job->name,
				strerror(job->error));
			status = 1;
			continue;
		}
		printf("%10ju %8ju %016" PRIx64 " %s\n", job->bytes, job->lines,
			job->checksum, job->name);
	}
	return status;
}

/* Start up to WANTED workers. Fewer will do; none is the end. */
static int hire(pthread_t *threads, int wanted)
{
	int n = 0, err = 0;

	while (n < wanted && (err = pthread_create(&threads[n], NULL, work, NULL)) == 0)
		n++;
	if (n == 0) {
		fprintf(stderr, "workers: no thread: %s\n", strerror(err));
		exit(1);
	}
	return n;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS_MAX];
	int nthreads = 8;

	if (argc > 2 && strcmp(argv[1], "-j") == 0) {
		nthreads = (int)net_number(argv[2], 1, THREADS_MAX);
		argc -= 2;
		argv += 2;
	}
	if (argc < 2) {
		fprintf(stderr, "usage: workers [-j THREADS] FILE...\n");
		return 2;
	}
	int njobs = argc - 1;
	struct job *jobs = calloc((size_t)njobs, sizeof(*jobs));

	if (!jobs) {
		perror("workers");
		return 1;
	}
	nthreads = hire(threads, nthreads);
	for (int i = 0; i < njobs; i++) {
		jobs[i].name = argv[i + 1];
		queue_put(&queue, &jobs[i]);
	}
	queue_close(&queue);

	uintptr_t done = 0;

	for (int i = 0; i < nthreads; i++) {
		void *count;

		pthread_join(threads[i], &count);
		done += (uintptr_t)count;
	}
	int status = report(jobs, njobs);

	printf("%ju files, %d threads\n", (uintmax_t)done, nthreads);
	free(jobs);
	return status;
}
