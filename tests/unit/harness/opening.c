/* opening.c - scenarios of open, openat and creat: files, FIFOs that wait for their other
 * end, what ends such a wait, what is malformed.
 *
 * Each works in a folder of its own, which it removes. */
#include "harness/opening.h"
#include "harness/interrupt.h"
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct folder {
	char path[64];
	char file[80]; /* in it */
};

static struct folder folder_make(struct run *run)
{
	struct folder f = {"/tmp/cohook-open-XXXXXX", ""};

	check(run, mkdtemp(f.path) != NULL);
	snprintf(f.file, sizeof(f.file), "%s/file", f.path);
	return f;
}

static struct folder folder_with_fifo(struct run *run)
{
	struct folder f = folder_make(run);

	check(run, mkfifo(f.file, 0600) == 0);
	return f;
}

static void folder_remove(struct run *run, const struct folder *f)
{
	unlink(f->file);
	check(run, rmdir(f->path) == 0);
}

static int open_it(struct run *run, const char *path, int flags, mode_t mode)
{
	const struct opening *verb = run->verb;

	return descriptor(run, "open", verb->open(run, path, flags, mode));
}

static void open_badly(struct run *run, const char *path, int flags, mode_t mode)
{
	const struct opening *verb = run->verb;

	result(run, "open", verb->open(run, path, flags, mode));
}

/* --- files -------------------------------------------------------------------------------------------- */

static void note_mode(struct run *run, int fd)
{
	struct stat st;

	check(run, fstat(fd, &st) == 0);
	note(run, "mode %o, size %ld", st.st_mode, (long)st.st_size);
	note(run, "descriptor flags %d", fcntl(fd, F_GETFD));
	note_flags(run, "it", fd);
}

static void makes_a_file(struct run *run)
{
	struct folder f = folder_make(run);
	int fd;

	umask(022);
	fd = open_it(run, f.file, O_CREAT | O_RDWR | O_CLOEXEC, 0764);
	note_mode(run, fd);
	check(run, run->calls->write(fd, "some text", 9) == 9);
	note_mode(run, fd);
	note_mode(run, open_it(run, f.file, O_CREAT | O_WRONLY | O_TRUNC, 0600));
	folder_remove(run, &f);
}

static void reads_a_file(struct run *run)
{
	struct folder f = folder_make(run);
	int fd = open_it(run, f.file, O_CREAT | O_RDWR | O_EXCL, 0600);
	char text[16] = "";

	check(run, run->calls->write(fd, "some text", 9) == 9);
	fd = open_it(run, f.file, O_RDONLY, 0);
	took_no_wait(run);
	result(run, "read", enter(run)->read(fd, text, sizeof(text)));
	note_bytes(run, "bytes", text, 9);
	note_mode(run, open_it(run, f.file, O_RDWR | O_NONBLOCK | O_APPEND, 0));
	open_badly(run, f.file, O_CREAT | O_RDWR | O_EXCL, 0600);
	open_badly(run, f.file, O_RDONLY | O_DIRECTORY, 0);
	folder_remove(run, &f);
}

static void nameless(struct run *run)
{
	struct folder f = folder_make(run);
	const struct opening *verb = run->verb;
	int fd;

	umask(022);
	fd = verb->open(run, f.path, O_TMPFILE | O_RDWR, 0640);
	if (fd < 0) { /* the file system has none of those */
		result(run, "open", fd);
	} else {
		descriptor(run, "open", fd);
		note_mode(run, fd);
	}
	folder_remove(run, &f);
}

static void devices(struct run *run)
{
	note_mode(run, open_it(run, "/dev/null", O_RDWR, 0));
	took_no_wait(run);
	note_mode(run, open_it(run, "/dev/zero", O_RDONLY, 0));
	note_mode(run, open_it(run, "/", O_RDONLY | O_DIRECTORY, 0));
	note_flags(run, "a path", open_it(run, "/", O_PATH, 0));
}

static void links(struct run *run)
{
	struct folder f = folder_make(run);

	check(run, symlink("/dev/null", f.file) == 0);
	open_it(run, f.file, O_RDONLY, 0);
	open_badly(run, f.file, O_RDONLY | O_NOFOLLOW, 0);
	unlink(f.file);
	check(run, symlink("file", f.file) == 0);
	open_badly(run, f.file, O_RDONLY, 0);
	folder_remove(run, &f);
}

static void malformed(struct run *run)
{
	char name[5000];

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	open_badly(run, "/no/such/file", O_RDONLY, 0);
	open_badly(run, "", O_RDONLY, 0);
	open_badly(run, name, O_RDONLY, 0);
	open_badly(run, nowhere(), O_RDONLY, 0);
	open_badly(run, "/dev/null/file", O_RDONLY, 0);
	open_badly(run, "/", O_WRONLY, 0);
}

/* --- FIFOs -------------------------------------------------------------------------------------------- */

/* Opens the other end as DATA has it, in the way SIZE says, and then speaks or
 * listens. */
static void peer_opens(struct peer *peer)
{
	int fd = open(peer->data, (int)peer->size);
	char text[8] = "";

	check(peer->run, fd >= 0);
	if ((int)peer->size == O_WRONLY)
		check(peer->run, write(fd, "hello", 5) == 5);
	else
		check(peer->run, read(fd, text, sizeof(text)) == 5);
	close(fd);
}

static void waits_for_a_writer(struct run *run)
{
	struct folder f = folder_with_fifo(run);
	struct peer peer = {.act = peer_opens, .data = f.file, .size = O_WRONLY};
	char text[8];
	int fd;

	peer_start(run, &peer);
	fd = open_it(run, f.file, O_RDONLY, 0);
	note_flags(run, "it", fd);
	result(run, "read", enter(run)->read(fd, text, sizeof(text)));
	peer_join(&peer);
	result(run, "read", enter(run)->read(fd, text, sizeof(text)));
	folder_remove(run, &f);
}

static void waits_for_a_reader(struct run *run)
{
	struct folder f = folder_with_fifo(run);
	struct peer peer = {.act = peer_opens, .data = f.file, .size = O_RDONLY};
	int fd;

	peer_start(run, &peer);
	fd = open_it(run, f.file, O_WRONLY, 0);
	result(run, "write", enter(run)->write(fd, "hello", 5));
	note_flags(run, "it", fd);
	peer_join(&peer);
	folder_remove(run, &f);
}

static void does_not_wait(struct run *run)
{
	struct folder f = folder_with_fifo(run);

	open_badly(run, f.file, O_WRONLY | O_NONBLOCK, 0);
	took_no_wait(run);
	open_it(run, f.file, O_RDONLY | O_NONBLOCK, 0);
	took_no_wait(run);
	open_it(run, f.file, O_WRONLY, 0);
	open_it(run, f.file, O_RDWR, 0);
	took_no_wait(run);
	folder_remove(run, &f);
}

/* Signals: with and without SA_RESTART. */
static void interrupted(struct run *run)
{
	struct folder f = folder_with_fifo(run);
	struct peer signaller = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &signaller);
	open_badly(run, f.file, O_WRONLY, 0);
	peer_join(&signaller);
	note_caught(run, SIGUSR1);
	folder_remove(run, &f);
}

static void peer_signals_then_opens(struct peer *peer)
{
	const void *path = peer->data;

	peer->size = SIGUSR1;
	peer_signals(peer);
	while (caught(SIGUSR1) == 0)
		usleep(100);
	peer_await(peer);
	peer->size = O_RDONLY;
	peer->data = path;
	peer_opens(peer);
}

static void restarted(struct run *run)
{
	struct folder f = folder_with_fifo(run);
	struct peer peer = {.act = peer_signals_then_opens, .data = f.file};
	int fd;

	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	fd = open_it(run, f.file, O_WRONLY, 0);
	result(run, "write", enter(run)->write(fd, "hello", 5));
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	folder_remove(run, &f);
}

static void open_for_reading(struct mate *mate)
{
	char text[8];
	int fd;

	fd = (int)mate_leave(mate, mate_enter(mate)->open(mate->arg, O_RDONLY));
	mate->run->calls->read(fd, text, sizeof(text));
	mate->run->calls->close(fd);
}

/* Both ends are opened by the same worker. */
static void by_a_neighbour(struct run *run)
{
	struct folder f = folder_with_fifo(run);
	struct mate mate = {.act = open_for_reading, .arg = f.file};
	int fd;

	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	fd = open_it(run, f.file, O_WRONLY, 0);
	result(run, "write", enter(run)->write(fd, "hello", 5));
	mate_join(&mate);
	folder_remove(run, &f);
}

/* More than the pool has threads; a file is synced meanwhile. */
static void by_many(struct run *run)
{
	enum { MANY = 12 };
	struct folder f[MANY];
	struct mate mates[MANY];
	int fd, i;

	for (i = 0; i < MANY; i++) {
		f[i] = folder_with_fifo(run);
		mates[i] = (struct mate){.act = open_for_reading, .arg = f[i].file};
		mate_start(run, &mates[i]);
		check(run, mate_blocked(&mates[i]));
	}
	fd = keep(run, run->calls->open("/tmp", O_RDONLY | O_DIRECTORY));
	result(run, "fsync", enter(run)->fsync(fd));
	for (i = 0; i < MANY; i++) {
		fd = open_it(run, f[i].file, O_WRONLY, 0);
		result(run, "write", enter(run)->write(fd, "hello", 5));
		mate_join(&mates[i]);
		folder_remove(run, &f[i]);
	}
}

static const struct scenario scenarios[] = {
	{"makes a file", makes_a_file},
	{"reads a file", reads_a_file},
	{"nameless", nameless},
	{"devices", devices},
	{"links", links},
	{"malformed", malformed},
	{"waits for a writer", waits_for_a_writer},
	{"waits for a reader", waits_for_a_reader},
	{"does not wait", does_not_wait},
	{"interrupted", interrupted, 0, PLAIN | ROOT},
	{"restarted", restarted},
	{"by a neighbour", by_a_neighbour},
	{"by many", by_many},
};

/* creat(2) always asks for the same. */
static const struct scenario creating[] = {
	{"makes a file", makes_a_file},
	{"malformed", malformed},
	{"waits for a reader", waits_for_a_reader},
	{"interrupted", interrupted, 0, PLAIN | ROOT},
	{"restarted", restarted},
	{"by a neighbour", by_a_neighbour},
};

void opening_add(const struct opening *verb)
{
	if (verb->creates)
		suite_add(creating, COUNT(creating), verb);
	else
		suite_add(scenarios, COUNT(scenarios), verb);
}
