/* process.c - a server under test as /proc shows it.
 *
 * Servers are told to listen on port 0 and say nowhere which one they got: it is
 * found by looking up the sockets among their descriptors in the kernel's list of
 * listening ones. */
#define _GNU_SOURCE
#include "process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TCP_LISTEN = 10, INODES = 64 };

static void log_output(const char *program)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s.log", program);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd >= 0) {
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		close(fd);
	}
}

pid_t process_start(char *const argv[])
{
	pid_t process = fork();

	if (process < 0) {
		perror("fork");
		exit(1);
	}
	if (process == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		log_output(argv[0]);
		execv(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	return process;
}

static size_t list_sockets(pid_t process, unsigned long *inodes)
{
	char path[64], target[64];
	struct dirent *entry;
	size_t n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", process);
	dir = opendir(path);
	while (dir && n < INODES && (entry = readdir(dir))) {
		ssize_t size = readlinkat(
			dirfd(dir), entry->d_name, target, sizeof(target) - 1);

		target[size > 0 ? size : 0] = '\0';
		n += sscanf(target, "socket:[%lu]", &inodes[n]) == 1;
	}
	if (dir)
		closedir(dir);
	return n;
}

static bool contains(const unsigned long *inodes, size_t n, unsigned long inode)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (inodes[i] == inode)
			return true;
	}
	return false;
}

static int listening_port(pid_t process)
{
	unsigned long inodes[INODES], inode;
	size_t n = list_sockets(process, inodes);
	FILE *list = fopen("/proc/net/tcp", "r");
	unsigned port, state, found = 0;
	char line[256];

	while (list && !found && fgets(line, sizeof(line), list)) {
		if (sscanf(line, "%*d: %*x:%x %*x:%*x %x %*x:%*x %*x:%*x %*x %*u %*d %lu",
			    &port, &state, &inode) == 3 &&
			state == TCP_LISTEN && contains(inodes, n, inode))
			found = port;
	}
	if (list)
		fclose(list);
	return (int)found;
}

int process_port(pid_t process)
{
	const struct timespec pause = {0, 2000000};
	int port = 0;

	while (!(port = listening_port(process))) {
		if (waitpid(process, NULL, WNOHANG) != 0)
			return 0;
		nanosleep(&pause, NULL);
	}
	return port;
}

long process_status(pid_t process, const char *key)
{
	char path[64], line[256];
	long value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", process);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, key, strlen(key)))
			value = atol(line + strlen(key));
	}
	if (file)
		fclose(file);
	return value;
}

int process_stop(pid_t process)
{
	int status = 0;

	kill(process, SIGTERM);
	while (waitpid(process, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM ? 0 : status;
}
