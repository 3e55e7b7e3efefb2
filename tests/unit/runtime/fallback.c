/* fallback.c - older kernels: what is missing is done without, here because a filter
 * refuses it. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"
#include "loop/watch.h"
#include "stack.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

/* From here on system call NUMBER fails with ERROR; with ARGUMENT >= 0 only if that is
 * the low half of its third parameter. */
static void refuse(unsigned number, long long argument, unsigned error)
{
	const unsigned third = offsetof(struct seccomp_data, args[2]); /* little-endian */
	struct sock_filter any[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, argument < 0 ? 2 : 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, third),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)argument, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {COUNT(any), any};

	if (argument < 0) { /* no look at the parameter */
		any[2] = any[4];
		any[3] = any[5];
		any[1].jf = 1;
		program.len = 4;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0) {
		fprintf(stderr, "no system call filters here: %s\n", strerror(errno));
		_exit(SKIPPED);
	}
}

/* --- without epoll_pwait2 ---------------------------------------------------------- */

static void *sleep_precisely(void *arg)
{
	for (unsigned us = 1; us < 5000; us += 333) {
		uint64_t begun = monotonic();
		must(co_usleep(us) == 0);
		must(monotonic() - begun >= us * 1000);
	}
	return arg;
}

static void *echo(void *arg)
{
	const int *fds = arg;
	char byte;

	for (int i = 0; i < 100; i++) {
		must(co_read(fds[0], &byte, 1) == 1);
		must(co_write(fds[0], &byte, 1) == 1);
	}
	return NULL;
}

static void wait_in_milliseconds(void *arg)
{
	co_fiber *fibers[3];
	char byte;
	int fds[2];

	refuse(SYS_epoll_pwait2, -1, ENOSYS);
	must(syscall(SYS_epoll_pwait2, -1, NULL, 0, NULL, NULL, 0) < 0 &&
		errno == ENOSYS);
	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	fibers[0] = spawn(sleep_precisely, arg);
	fibers[1] = spawn(sleep_precisely, arg);
	fibers[2] = spawn(echo, fds);
	for (int i = 0; i < 100; i++) {
		must(co_write(fds[1], "x", 1) == 1);
		must(co_read(fds[1], &byte, 1) == 1);
	}
	for (size_t i = 0; i < COUNT(fibers); i++)
		join(fibers[i]);
}

static void without_epoll_pwait2_nothing_is_early(void **state)
{
	(void)state;
	child_succeeds(wait_in_milliseconds, NULL);
}

/* The wait itself, at the edges of what milliseconds and an int can say. */
static void drain(bool no_nanoseconds)
{
	static const uint64_t timeouts[] = {
		0, 1, 999999, 1000000, 1000001, 1999999, 7000000};
	const uint64_t one = 1;
	struct watch watch;
	uint64_t begun;
	int fd = eventfd(0, 0);

	must(co__watch_init(&watch) == 0);
	must(co__watch_add(&watch, fd, 77, WATCH_IN) == 0);
	watch.no_nanoseconds = no_nanoseconds;
	for (size_t i = 0; i < COUNT(timeouts); i++) {
		begun = monotonic();
		must(co__watch_drain(&watch, timeouts[i]) == 0);
		must(monotonic() - begun >= timeouts[i]);
	}
	must(write(fd, &one, sizeof(one)) == sizeof(one));
	must(co__watch_drain(&watch, DUE_NEVER) == 1);
	must(watch.events[0].data.u64 == 77);
	must(co__watch_drain(&watch, 0) == 0); /* one edge, one event */
	must(write(fd, &one, sizeof(one)) == sizeof(one));
	must(co__watch_drain(&watch, DUE_NEVER - 1) == 1); /* 584 years */
	must(watch.no_nanoseconds == no_nanoseconds);
	co__watch_fini(&watch);
	close(fd);
}

static void waits_are_rounded_up(void **state)
{
	(void)state;
	drain(true);
	drain(false);
}

/* --- without MADV_GUARD_INSTALL ---------------------------------------------------- */

static void touch(void *arg)
{
	*(volatile char *)arg = 1;
}

static void guard_with_mprotect(void *arg)
{
	struct stack s, again;
	struct child child;
	size_t size;
	char *base;

	refuse(SYS_madvise, MADV_GUARD_INSTALL, EINVAL);
	must(madvise(NULL, 0, MADV_GUARD_INSTALL) < 0 && errno == EINVAL);
	must(co__stack_alloc(0, &s) == 0);
	memset(s.base, 1, s.size);
	must(co__stack_overflowed(s.base - 1, &base, &size) && base == s.base);
	child_run(&child, touch, s.base - 1);
	must(child.status != 0);
	must(UNDER_ASAN ||
		(WIFSIGNALED(child.status) && WTERMSIG(child.status) == SIGSEGV));
	child_run(&child, touch, s.base);
	must(child.status == 0);
	co__stack_free(&s);
	must(co__stack_alloc(0, &again) == 0 && again.base == s.base);
	co__stack_free(&again);
	(void)arg;
}

static void guards_can_be_had_from_mprotect(void **state)
{
	(void)state;
	child_succeeds(guard_with_mprotect, NULL);
}

/* Each guard is a mapping now, and those run out. */
static void run_out_of_mappings(void *arg)
{
	enum { MANY = 200000 };
	static struct stack stacks[MANY];
	int n = 0, r = 0;

	refuse(SYS_madvise, MADV_GUARD_INSTALL, EINVAL);
	while (n < MANY && (r = co__stack_alloc(0, &stacks[n])) == 0)
		n++;
	must(n > 1000);
	if (n == MANY)
		return; /* vm.max_map_count allows it here */
	must(r == -ENOMEM);
	stacks[n - 1].base[0] = 1;
	co__stack_free(&stacks[--n]);
	must(co__stack_alloc(0, &stacks[n]) == 0);
	must(stacks[n].base[0] == 1);
	(void)arg;
}

static void too_many_mappings_are_an_error(void **state)
{
	(void)state;
	if (UNDER_ASAN) {
		print_message("AddressSanitizer needs mappings of its own\n");
		skip();
	}
	child_succeeds(run_out_of_mappings, NULL);
}

/* --- without RWF_NOWAIT ------------------------------------------------------------ */

static void talk(const int fds[2])
{
	co_fiber *fiber = spawn(echo, (void *)fds);
	char byte;

	for (int i = 0; i < 100; i++) {
		must(co_write(fds[1], "x", 1) == 1);
		must(co_read(fds[1], &byte, 1) == 1);
	}
	join(fiber);
}

static void *write_later(void *arg)
{
	return (void *)(intptr_t)co_write(*(int *)arg, "later", 5);
}

static void read_and_write_polled(void *arg)
{
	int fds[2], file = memfd_create("fallback", 0);
	char buf[16] = "";

	refuse(SYS_preadv2, -1, ENOSYS);
	refuse(SYS_pwritev2, -1, ENOSYS);
	must(co_loop() != arg);
	must(co_write(file, "hello", 5) == 5);
	must(lseek(file, 0, SEEK_SET) == 0);
	must(co_read(file, buf, sizeof(buf)) == 5 && memcmp(buf, "hello", 5) == 0);
	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	talk(fds);
	must(co_pipe(fds) == 0);
	spawn(write_later, &fds[1]);
	must(co_read(fds[0], buf, sizeof(buf)) == 5 && memcmp(buf, "later", 5) == 0);
}

static void without_preadv2_reads_and_writes_work(void **state)
{
	(void)state;
	child_succeeds(read_and_write_polled, NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_epoll_pwait2_nothing_is_early),
		cmocka_unit_test(waits_are_rounded_up),
		cmocka_unit_test(guards_can_be_had_from_mprotect),
		cmocka_unit_test(too_many_mappings_are_an_error),
		cmocka_unit_test(without_preadv2_reads_and_writes_work),
	};

	return RUN(tests);
}
