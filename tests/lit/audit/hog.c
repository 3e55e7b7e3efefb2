// Intent: in what threads run, loops without an end and without a call that may wait are found, and threads that only compute; loops with a bound, a way out, a wait or an unknown call, and those of no thread, are let alone.
// RUN: cd %S && %cohook audit --rules=none,hog,computes hog.c > %t && FileCheck --match-full-lines --strict-whitespace %s < %t
#include <pthread.h>
#include <threads.h>
#include <unistd.h>

static volatile int stop;
static long total;
void unknown(void);

static void *spins(void *unused)
{
	while (!stop)
		;
	return unused;
}

static void count(void)
{
	for (;;)
		total++;
}

static int for_ever(void *unused)
{
	(void)unused;
	count();
	return 0;
}

static void *computes(void *numbers)
{
	int *list = numbers;

	for (int i = 1; i < 1000; i++)
		list[i] += list[i - 1];
	return numbers;
}

static void *yields(void *unused)
{
	while (!stop)
		usleep(1);
	for (;;) {
		if (total)
			break;
	}
	return unused;
}

static void *asks(void *unused)
{
	while (!stop)
		unknown();
	return unused;
}

static void *brief(void *unused)
{
	total++;
	return unused;
}

void nobodys(void)
{
	while (!stop)
		;
}

void start(pthread_t *t, thrd_t *u)
{
	pthread_create(t, NULL, spins, NULL);
	thrd_create(u, for_ever, NULL);
	pthread_create(t, NULL, computes, NULL);
	pthread_create(t, NULL, yields, NULL);
	pthread_create(t, NULL, asks, NULL);
	pthread_create(t, NULL, brief, NULL);
}
//      CHECK:hog.c:13:2: spins: hog: the loop waits for a variable and lets nobody run who could change it
// CHECK-NEXT:hog.c:20:2: count: hog: the loop has no end and no call that waits
// CHECK-NEXT:hog.c:73:2: start: thrd_create: computes: the thread of for_ever only computes: as a fiber it keeps its worker from all others
// CHECK-NEXT:hog.c:24:12: note: for_ever is here
// CHECK-NEXT:hog.c:74:2: start: pthread_create: computes: the thread of computes only computes: as a fiber it keeps its worker from all others
// CHECK-NEXT:hog.c:31:14: note: computes is here
// CHECK-NEXT:0 sites: 0 rewritten, 0 kept, 0 without a mirror
// CHECK-NEXT:also: 2 hog, 2 computes
//  CHECK-NOT:{{.}}
