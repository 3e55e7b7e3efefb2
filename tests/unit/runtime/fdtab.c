/* fdtab.c - what the table knows of descriptors, and for how long. */
#define _GNU_SOURCE
#include "case.h"
#include "fdtab.h"
#include "cohook/posix.h"

#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

static uint32_t generation(int fd)
{
	return fd_generation(co__fd_entry(fd));
}

/* Make NUMBER, which is free, a copy of something. */
static int occupy(int number)
{
	int fd = open("/dev/null", O_RDWR), copy;

	must(fd >= 0);
	copy = fd == number ? fd : fcntl(fd, F_DUPFD, number);
	if (fd != number)
		close(fd);
	return copy;
}

/* --- kinds ------------------------------------------------------------------------- */

struct sample {
	const char *name;
	int (*open)(void);
	enum fd_kind kind;
};

static int tcp4(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int tcp6(void)
{
	int fd = socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP);

	return fd < 0 && errno == EAFNOSUPPORT ? tcp4() : fd;
}

static int udp(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0);
}

static int unix_stream(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int unix_packets(void)
{
	return socket(AF_UNIX, SOCK_SEQPACKET, 0);
}

static int pipe_end(void)
{
	int ends[2];

	must(pipe(ends) == 0);
	close(ends[1]);
	return ends[0];
}

static int fifo(void)
{
	char path[] = "/tmp/cohook-fdtab-XXXXXX";
	int fd;

	must(mkdtemp(path) && rmdir(path) == 0 && mkfifo(path, 0600) == 0);
	fd = open(path, O_RDWR);
	unlink(path);
	return fd;
}

static int regular_file(void)
{
	return memfd_create("fdtab", 0);
}

static int directory(void)
{
	return open("/", O_RDONLY | O_DIRECTORY);
}

static int terminal(void)
{
	return posix_openpt(O_RDWR | O_NOCTTY);
}

static int null(void)
{
	return open("/dev/null", O_RDWR);
}

static int zero(void)
{
	return open("/dev/zero", O_RDWR);
}

static int event_counter(void)
{
	return eventfd(0, 0);
}

static int timer(void)
{
	return timerfd_create(CLOCK_MONOTONIC, 0);
}

static int signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	return signalfd(-1, &none, 0);
}

static int watches(void)
{
	return inotify_init();
}

static int epoll_set(void)
{
	return epoll_create1(0);
}

static int process(void)
{
	return (int)syscall(SYS_pidfd_open, getpid(), 0);
}

static const struct sample samples[] = {
	{"a TCP socket", tcp4, FD_TCP},
	{"a TCP socket over IPv6", tcp6, FD_TCP},
	{"a UDP socket", udp, FD_PACKET},
	{"a unix stream", unix_stream, FD_STREAM},
	{"a unix socket of packets", unix_packets, FD_PACKET},
	{"a pipe", pipe_end, FD_PIPE},
	{"a named pipe", fifo, FD_PIPE},
	{"a regular file", regular_file, FD_FILE},
	{"a directory", directory, FD_FILE},
	{"a terminal", terminal, FD_TTY},
	{"/dev/null", null, FD_READY},
	{"/dev/zero", zero, FD_READY},
	{"an eventfd", event_counter, FD_EVENTS},
	{"a timerfd", timer, FD_EVENTS},
	{"a signalfd", signals, FD_EVENTS},
	{"an inotify descriptor", watches, FD_EVENTS},
	{"an epoll set", epoll_set, FD_EVENTS},
	{"a pidfd", process, FD_EVENTS},
};

static void every_kind_is_recognised(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++) {
		int fd = samples[i].open();
		struct fd_entry *e;
		if (fd < 0) {
			print_message(
				"no %s here: %s\n", samples[i].name, strerror(errno));
			continue;
		}
		errno = 5;
		e = co__fd_look(fd);
		assert_int_equal(errno, 5);
		assert_non_null(e);
		if (fd_kind(e) != samples[i].kind)
			fail_msg("%s is of kind %d", samples[i].name, fd_kind(e));
		assert_false(fd_flags(e) & FD_OWNED);
		assert_true(fd_shared(e)); /* it came from foreign code */
		assert_int_equal(co_close(fd), 0);
		assert_int_equal(fd_kind(e), FD_UNKNOWN);
	}
}

/* One after the other on the same number, closed by us each time. */
static void a_number_has_no_memory(void **state)
{
	int number = -1;

	(void)state;
	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < COUNT(samples); i++) {
			int fd = samples[i].open();
			if (fd < 0)
				continue;
			assert_true(number < 0 || fd == number);
			number = fd;
			assert_int_equal(fd_kind(co__fd_look(fd)), samples[i].kind);
			co_close(fd);
		}
}

static void what_mirrors_make_is_known_at_once(void **state)
{
	int fds[2], fd = co_socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)state;
	assert_int_equal(fd_kind(co__fd_entry(fd)), FD_TCP);
	assert_int_equal(fd_flags(co__fd_entry(fd)) & (FD_OWNED | FD_NONBLOCK), FD_OWNED);
	assert_false(fd_shared(co__fd_entry(fd)));
	co_close(fd);
	fd = co_socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	assert_int_equal(fd_kind(co__fd_entry(fd)), FD_PACKET);
	assert_true(fd_flags(co__fd_entry(fd)) & FD_NONBLOCK);
	co_close(fd);
	assert_int_equal(co_pipe2(fds, O_NONBLOCK), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fd_kind(co__fd_entry(fds[i])), FD_PIPE);
		assert_true(fd_flags(co__fd_entry(fds[i])) & FD_NONBLOCK);
		co_close(fds[i]);
	}
}

/* --- numbers ----------------------------------------------------------------------- */

static void impossible_numbers_have_no_entry(void **state)
{
	static const int numbers[] = {-1, -2, INT_MIN, INT_MAX, 1 << 30};

	(void)state;
	errno = 5;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		assert_null(co__fd_entry(numbers[i]));
		assert_null(co__fd_look(numbers[i]));
		assert_int_equal(co__fd_opened(numbers[i], FD_PIPE, 0), numbers[i]);
		assert_int_equal(co__fd_close_begin(numbers[i]), 0);
		co__fd_close_done(numbers[i], 0);
	}
	assert_int_equal(errno, 5);
	assert_non_null(co__fd_entry((1 << 30) - 1));
	assert_null(co__fd_look((1 << 30) - 1)); /* not open */
	assert_int_equal(errno, 5);
}

static void neighbours_over_a_chunks_edge(void **state)
{
	int low = occupy(1023), high = occupy(1024);
	uint32_t before;

	(void)state;
	assert_int_equal(low, 1023);
	assert_int_equal(high, 1024);
	assert_ptr_not_equal(co__fd_entry(low), co__fd_entry(high));
	assert_ptr_equal(co__fd_entry(1022) + 1, co__fd_entry(1023));
	assert_ptr_equal(co__fd_entry(1024) + 1, co__fd_entry(1025));
	assert_int_equal(fd_kind(co__fd_look(low)), FD_READY);
	before = generation(high);
	co_close(low);
	assert_int_equal(generation(high), before);
	assert_int_equal(fd_kind(co__fd_look(high)), FD_READY);
	co_close(high);
}

static void walks_find_every_entry(void **state)
{
	static const int numbers[] = {0, 1023, 1024, 5000, 300000};
	size_t found = 0;
	long visited = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++)
		assert_non_null(co__fd_entry(numbers[i]));
	for (int fd = 0; co__fd_next(&fd); fd++, visited++)
		for (size_t i = 0; i < COUNT(numbers); i++)
			if (fd == numbers[i]) {
				int at = fd;
				assert_ptr_equal(co__fd_next(&at), co__fd_entry(fd));
				found++;
			}
	assert_int_equal(found, COUNT(numbers));
	assert_true(visited <= 10 * 1024); /* not each number up to the highest */
}

/* Read from the descriptor NUMBER, which waits for a byte. */
static void *read_byte(void *arg)
{
	char byte = 0;

	must(co_read(*(int *)arg, &byte, 1) == 1);
	return (void *)(intptr_t)byte;
}

/* The highest number up to WANTED that there can be. */
static int highest_number(int wanted, struct rlimit *before)
{
	struct rlimit raised;

	must(getrlimit(RLIMIT_NOFILE, before) == 0);
	raised = (struct rlimit){(rlim_t)wanted + 1, (rlim_t)wanted + 1};
	if (before->rlim_max > raised.rlim_max)
		raised.rlim_max = before->rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &raised) == 0)
		return wanted;
	raised.rlim_cur = raised.rlim_max = before->rlim_max;
	must(setrlimit(RLIMIT_NOFILE, &raised) == 0);
	print_message(
		"no number beyond %llu here\n", (unsigned long long)raised.rlim_cur - 1);
	return (int)raised.rlim_cur - 1;
}

static void large_numbers_work(void **state)
{
	struct rlimit before;
	int number = highest_number(150000, &before), ends[2];
	co_fiber *reader;

	(void)state;
	assert_int_equal(co_pipe(ends), 0);
	assert_int_equal(co_dup2(ends[0], number), number);
	co_close(ends[0]);
	reader = spawn(read_byte, &number);
	until_waits(reader);
	assert_int_equal(co_write(ends[1], "x", 1), 1);
	assert_int_equal((intptr_t)join(reader), 'x');
	co_close(number);
	co_close(ends[1]);
	setrlimit(RLIMIT_NOFILE, &before);
}

static size_t resident(void)
{
	unsigned long total = 0, pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	must(f && fscanf(f, "%lu %lu", &total, &pages) == 2);
	fclose(f);
	return pages;
}

/* As daemons do, up to a limit that can be a million. */
static void closing_everything_costs_no_memory(void **state)
{
	size_t before = resident();

	(void)state;
	for (int fd = 400000; fd < 700000; fd++)
		assert_int_equal(co_close(fd), -1);
	if (!UNDER_ASAN)
		assert_in_range(resident(), 0, before + 600);
}

/* --- generations ------------------------------------------------------------------- */

static void each_owner_is_a_generation(void **state)
{
	int ends[2], copy;
	uint32_t first, second;

	(void)state;
	must(co_pipe(ends) == 0);
	first = generation(ends[0]);
	assert_int_equal(generation(ends[0]), first);
	co_close(ends[0]);
	second = generation(ends[0]);
	assert_true(second > first);
	copy = co_dup(ends[1]);
	assert_int_equal(copy, ends[0]);
	assert_true(generation(copy) > second);
	second = generation(copy);
	assert_int_equal(co_dup2(ends[1], copy), copy);
	assert_true(generation(copy) > second);
	co_close(copy);
	co_close(ends[1]);
}

static void a_failed_dup2_changes_nothing(void **state)
{
	int ends[2], closed;
	uint32_t before;

	(void)state;
	must(co_pipe(ends) == 0);
	closed = co_dup(ends[0]);
	co_close(closed);
	before = generation(ends[0]);
	assert_int_equal(co_dup2(closed, ends[0]), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(co_dup3(ends[0], ends[0], 0), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(generation(ends[0]), before);
	assert_int_equal(fd_kind(co__fd_entry(ends[0])), FD_PIPE);
	co_close(ends[0]);
	co_close(ends[1]);
}

/* Until close(2) is through, the number is nobody's. */
static void nothing_is_adopted_while_it_closes(void **state)
{
	int fd = event_counter();
	struct fd_entry *e = co__fd_look(fd);
	uint32_t ending = co__fd_close_begin(fd);

	(void)state;
	assert_int_equal(ending, generation(fd));
	assert_int_equal(fd_kind(co__fd_look(fd)), FD_UNKNOWN);
	co__fd_close_done(fd, ending);
	assert_int_equal(fd_kind(co__fd_look(fd)), FD_EVENTS);
	ending =
		co__fd_close_begin(fd); /* somebody opens the number before we are done */
	co__fd_opened(fd, FD_PIPE, 0);
	co__fd_close_done(fd, ending);
	assert_int_equal(fd_kind(e), FD_PIPE);
	assert_true(fd_flags(e) & FD_OWNED);
	co_close(fd);
}

/* --- sharing ----------------------------------------------------------------------- */

static void copies_share_and_know_it(void **state)
{
	int fd = co_socket(AF_INET, SOCK_STREAM, 0), copies[4];

	(void)state;
	copies[0] = co_dup(fd);
	copies[1] = co_dup2(fd, 500);
	copies[2] = co_fcntl(fd, F_DUPFD, 600);
	copies[3] = co_fcntl(fd, F_DUPFD_CLOEXEC, 700);
	assert_true(fd_shared(co__fd_entry(fd)));
	for (size_t i = 0; i < COUNT(copies); i++) {
		assert_true(copies[i] >= 0);
		assert_int_equal(fd_kind(co__fd_entry(copies[i])), FD_TCP);
		assert_true(fd_shared(co__fd_entry(copies[i])));
		assert_true(fd_flags(co__fd_entry(copies[i])) & FD_OWNED);
		co_close(copies[i]);
	}
	co_close(fd);
}

static void *fork_once(void *arg)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(fd_shared(co__fd_entry(*(int *)arg)) ? 0 : 1);
	must(waitpid(pid, &status, 0) == pid);
	return (void *)(intptr_t)status;
}

/* On both sides; what is opened later is not shared. */
static void a_fork_shares_what_was_open(void **state)
{
	int early = co_socket(AF_INET, SOCK_STREAM, 0), late;

	(void)state;
	assert_false(fd_shared(co__fd_entry(early)));
	assert_int_equal((intptr_t)join(spawn(fork_once, &early)), 0);
	assert_true(fd_shared(co__fd_entry(early)));
	late = co_socket(AF_INET, SOCK_STREAM, 0);
	assert_false(fd_shared(co__fd_entry(late)));
	co_close(early);
	early = co_socket(AF_INET, SOCK_STREAM, 0);
	assert_false(fd_shared(co__fd_entry(early)));
	co_close(early);
	co_close(late);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_recognised),
		cmocka_unit_test(a_number_has_no_memory),
		cmocka_unit_test(what_mirrors_make_is_known_at_once),
		cmocka_unit_test(impossible_numbers_have_no_entry),
		cmocka_unit_test(neighbours_over_a_chunks_edge),
		cmocka_unit_test(walks_find_every_entry),
		cmocka_unit_test(large_numbers_work),
		cmocka_unit_test(closing_everything_costs_no_memory),
		cmocka_unit_test(each_owner_is_a_generation),
		cmocka_unit_test(a_failed_dup2_changes_nothing),
		cmocka_unit_test(nothing_is_adopted_while_it_closes),
		cmocka_unit_test(copies_share_and_know_it),
		cmocka_unit_test(a_fork_shares_what_was_open),
	};

	return RUN(tests);
}
