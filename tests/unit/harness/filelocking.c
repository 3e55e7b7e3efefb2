/* filelocking.c - scenarios of flock, lockf and fcntl's locks: another process has the
 * lock, or wants one of ours.
 *
 * The other process makes plain calls, and lives until it is killed. */
#include "harness/filelocking.h"
#include "harness/interrupt.h"
#include "harness/mate.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

struct lockfile lockfile_make(struct run *run)
{
	struct lockfile file = {"/tmp/cohook-lock-XXXXXX", -1};
	int fd = mkstemp(file.path);

	check(run, fd >= 0 && write(fd, "0123456789", 10) == 10);
	close(fd);
	file.fd = keep(run, run->calls->open(file.path, O_RDWR));
	return file;
}

void lockfile_remove(struct run *run, const struct lockfile *file)
{
	check(run, unlink(file->path) == 0);
}

/* --- the other process -------------------------------------------------------------------------------- */

static void hold_for_good(const struct filelocking *verb, const char *path, int told)
{
	int fd = open(path, O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fd >= 0 && verb->hold(fd) == 0 && write(told, "!", 1) == 1)
		for (;;)
			pause();
	_exit(1);
}

/* It has the lock when this returns. */
static pid_t holder_start(struct run *run, const struct lockfile *file)
{
	int told[2];
	char byte;
	pid_t pid;

	check(run, pipe(told) == 0);
	pid = fork();
	if (pid == 0)
		hold_for_good(run->verb, file->path, told[1]);
	check(run, pid > 0);
	close(told[1]);
	check(run, read(told[0], &byte, 1) == 1);
	close(told[0]);
	return pid;
}

static void holder_end(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Whether another process could have the lock. */
static bool is_free(struct run *run, const struct lockfile *file)
{
	const struct filelocking *verb = run->verb;
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		int fd = open(file->path, O_RDWR);

		_exit(fd < 0 ? 2 : verb->attempt(fd) < 0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	check(run, WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status) == 0;
}

static void peer_ends_holder(struct peer *peer)
{
	holder_end((pid_t)peer->size);
}

/* --- scenarios ---------------------------------------------------------------------------------------- */

static int lock(struct run *run, int fd)
{
	return ((const struct filelocking *)run->verb)->lock(run, fd);
}

static void nobody_has_it(struct run *run)
{
	struct lockfile file = lockfile_make(run);

	lock(run, file.fd);
	took_no_wait(run);
	note(run, "free: %d", is_free(run, &file));
	lock(run, file.fd);
	took_no_wait(run);
	lockfile_remove(run, &file);
}

static void another_process_has_it(struct run *run)
{
	struct lockfile file = lockfile_make(run);
	struct peer peer = {.act = peer_ends_holder};

	peer.size = (size_t)holder_start(run, &file);
	peer_start(run, &peer);
	lock(run, file.fd);
	peer_join(&peer);
	note(run, "free: %d", is_free(run, &file));
	lockfile_remove(run, &file);
}

static void interrupted(struct run *run)
{
	struct lockfile file = lockfile_make(run);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	pid_t holder = holder_start(run, &file);

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	lock(run, file.fd);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	holder_end(holder);
	note(run, "free: %d", is_free(run, &file));
	lockfile_remove(run, &file);
}

static void peer_signals_then_ends_holder(struct peer *peer)
{
	const struct peer signaller = {.run = peer->run, .size = SIGUSR1};

	peer_signals((struct peer *)&signaller);
	while (caught(SIGUSR1) == 0)
		usleep(100);
	peer_await(peer);
	peer_ends_holder(peer);
}

static void restarted(struct run *run)
{
	struct lockfile file = lockfile_make(run);
	struct peer peer = {.act = peer_signals_then_ends_holder};

	peer.size = (size_t)holder_start(run, &file);
	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	lock(run, file.fd);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	note(run, "free: %d", is_free(run, &file));
	lockfile_remove(run, &file);
}

struct waiting {
	struct mate mate;
	struct lockfile file;
	pid_t holder;
};

static void wait_for_it(struct mate *mate)
{
	struct waiting *w = mate->arg;
	const struct filelocking *verb = mate->run->verb;

	mate_enter(mate);
	mate->outcome = mate_leave(mate, verb->lock_as(mate->calls, w->file.fd));
}

/* More than the pool has threads; a file is synced meanwhile. */
static void many_wait(struct run *run)
{
	enum { MANY = 10 };
	struct waiting w[MANY] = {{.holder = 0}};
	int i;

	for (i = 0; i < MANY; i++) {
		w[i].file = lockfile_make(run);
		w[i].holder = holder_start(run, &w[i].file);
		w[i].mate = (struct mate){.act = wait_for_it, .arg = &w[i]};
		mate_start(run, &w[i].mate);
		check(run, mate_blocked(&w[i].mate));
	}
	result(run, "fsync", enter(run)->fsync(w[0].file.fd));
	for (i = 0; i < MANY; i++) {
		holder_end(w[i].holder);
		mate_join(&w[i].mate);
		note(run, "%ld", w[i].mate.outcome);
		lockfile_remove(run, &w[i].file);
	}
}

static void no_descriptor(struct run *run)
{
	lock(run, -1);
	lock(run, 900);
	lock(run, keep_foreign(run, open("/", O_PATH)));
}

/* --- deadlock ----------------------------------------------------------------------------------------- */

static bool blocks_in_fcntl(pid_t pid)
{
	char path[64], text[16] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)pid);
	file = fopen(path, "re");
	if (!file || !fgets(text, sizeof(text), file))
		text[0] = '\0';
	if (file)
		fclose(file);
	return text[0] && atoi(text) == SYS_fcntl;
}

static int lock_section(int fd, int command, off_t start)
{
	struct flock section = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = 1};

	return fcntl(fd, command, &section);
}

/* The other has the second byte and waits for the first; we have the first. */
static void deadlock(struct run *run)
{
	const struct filelocking *verb = run->verb;
	struct lockfile file = lockfile_make(run);
	int told[2];
	char byte;
	pid_t pid;

	check(run, lock_section(file.fd, F_SETLK, 0) == 0 && pipe(told) == 0);
	pid = fork();
	if (pid == 0) {
		int fd = open(file.path, O_RDWR);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		lock_section(fd, F_SETLK, 1);
		_exit(write(told[1], "!", 1) != 1 || lock_section(fd, F_SETLKW, 0) < 0);
	}
	check(run, read(told[0], &byte, 1) == 1);
	while (!blocks_in_fcntl(pid))
		usleep(100);
	verb->lock(run, file.fd);
	holder_end(pid);
	close(told[0]);
	close(told[1]);
	lockfile_remove(run, &file);
}

static const struct scenario scenarios[] = {
	{"nobody has it", nobody_has_it},
	{"another process has it", another_process_has_it},
	{"interrupted", interrupted, 0, PLAIN | ROOT},
	{"restarted", restarted},
	{"many wait", many_wait},
	{"no descriptor", no_descriptor},
};

static const struct scenario deadlocks[] = {{"deadlock", deadlock}};

void filelocking_add(const struct filelocking *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
	if (verb->by_process)
		suite_add(deadlocks, COUNT(deadlocks), verb);
}
