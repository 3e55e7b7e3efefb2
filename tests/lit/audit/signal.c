// Intent: waits that a handler of a signal can reach are found, however the handler is set; a handler that wakes a loop through a pipe and a function that handles no signal are let alone.
// RUN: cd %S && %cohook audit --rules=none,signal signal.c > %t && FileCheck --match-full-lines --strict-whitespace %s < %t
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static int pipes[2];

static void report(int number)
{
	printf("signal %d\n", number);
}

static void by_signal(int number)
{
	report(number);
}

static void by_member(int number)
{
	char c;
	read(number, &c, 1);
}

static void by_initializer(int number)
{
	sleep((unsigned)number);
}

static void wakes(int number)
{
	write(pipes[1], "", 1);
	(void)number;
}

static void by_nobody(int number)
{
	sleep((unsigned)number);
}

void set(void)
{
	struct sigaction action = {0}, ready = {.sa_handler = by_initializer};

	signal(SIGINT, by_signal);
	signal(SIGHUP, wakes);
	action.sa_handler = by_member;
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &ready, NULL);
	by_nobody(1);
}
//      CHECK:signal.c:11:2: report: printf: signal: printf waits for room in what the handler by_signal calls
// CHECK-NEXT:signal.c:45:2: note: by_signal becomes a handler here
// CHECK-NEXT:signal.c:22:2: by_member: read: signal: read waits for data in the handler by_member
// CHECK-NEXT:signal.c:47:22: note: by_member becomes a handler here
// CHECK-NEXT:signal.c:27:2: by_initializer: sleep: signal: sleep waits for a point in time in the handler by_initializer
// CHECK-NEXT:signal.c:43:56: note: by_initializer becomes a handler here
// CHECK-NEXT:0 sites: 0 rewritten, 0 kept, 0 without a mirror
// CHECK-NEXT:also: 3 signal
//  CHECK-NOT:{{.}}
