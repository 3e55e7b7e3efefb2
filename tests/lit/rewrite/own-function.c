// Intent: functions that the program defines itself under libc's names are its own, static or not, whatever comes first.
// RUN: %rewritten %s %t && %check %s --allow-empty < %t.changes
#include <sys/socket.h>
#include <unistd.h>

static int connect_all(int);

static int pipe_of(int listen)
{
	return listen + connect_all(listen);
}

int shutdown(int fd, int how)
{
	return pipe_of(fd) + how;
}

static int connect_all(int fd)
{
	return shutdown(fd, SHUT_RD) + dup(fd);
}

int dup(int fd)
{
	return fd;
}
// CHECK-NOT:{{.}}
