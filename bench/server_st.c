/* server_st.c - the peer on State Threads (libst-dev): echo, a user-space thread a
 *connection.
 *
 *	server_st PORT
 *	server_st --event-system     name what it waits with
 *
 * As its manual has it: st_read and st_write in a loop. The event system is epoll where
 *the library has it; Debian's is built without (its makefile looks for the header where
 *it no longer lies), and there poll it is, since select ends at 1,024 descriptors. */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <st.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static st_netfd_t listen_on(const char *port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(port)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, length) < 0 ||
		listen(fd, SOMAXCONN) < 0 ||
		getsockname(fd, (struct sockaddr *)&a, &length) < 0)
		die("listen");
	printf("listening on 127.0.0.1:%d\n", ntohs(a.sin_port));
	fflush(stdout);
	return st_netfd_open_socket(fd);
}

static void *serve(void *argument)
{
	st_netfd_t fd = argument;
	char buffer[2048];
	ssize_t n;

	while ((n = st_read(fd, buffer, sizeof(buffer), ST_UTIME_NO_TIMEOUT)) > 0)
		if (st_write(fd, buffer, (size_t)n, ST_UTIME_NO_TIMEOUT) != n)
			break;
	st_netfd_close(fd);
	return NULL;
}

/* Where there is no epoll, asking for it does nothing, without an error. */
static void start_library(void)
{
	st_set_eventsys(ST_EVENTSYS_ALT);
	if (!*st_get_eventsys_name())
		st_set_eventsys(ST_EVENTSYS_POLL);
	if (st_init() < 0)
		die("st_init");
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: server_st PORT\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	start_library();
	if (strcmp(argv[1], "--event-system") == 0) {
		puts(st_get_eventsys_name());
		return 0;
	}
	st_netfd_t listener = listen_on(argv[1]);

	if (!listener)
		die("st_netfd_open_socket");
	for (;;) {
		st_netfd_t fd = st_accept(listener, NULL, NULL, ST_UTIME_NO_TIMEOUT);

		if (!fd)
			die("st_accept");
		if (!st_thread_create(serve, fd, 0, 0))
			die("st_thread_create");
	}
}
