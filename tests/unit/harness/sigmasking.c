/* sigmasking.c - the scenarios: masks are what was set, are inherited, and are nobody
 * else's. */
#include "harness/sigmasking.h"

#include "harness/mate.h"
#include "harness/scenario.h"

static int change(struct run *run, int how, const sigset_t *set, sigset_t *before)
{
	const struct sigmasking *verb = run->verb;

	return verb->change(run, how, set, before);
}

static void note_set(struct run *run, const char *what, const sigset_t *set)
{
	note(run, "%s: USR1 %d, USR2 %d, KILL %d", what, sigismember(set, SIGUSR1),
		sigismember(set, SIGUSR2), sigismember(set, SIGKILL));
}

static void look(struct run *run, const char *what)
{
	sigset_t now;

	sigemptyset(&now);
	change(run, SIG_BLOCK, NULL, &now);
	note_set(run, what, &now);
}

static sigset_t only(int signo)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	return set;
}

static void is_what_was_set(struct run *run)
{
	const sigset_t first = only(SIGUSR1), second = only(SIGUSR2);
	sigset_t all, before, none;

	sigfillset(&all);
	sigemptyset(&none);
	look(run, "at first");
	change(run, SIG_BLOCK, &first, &before);
	took_no_wait(run);
	note_set(run, "before", &before);
	change(run, SIG_BLOCK, &second, NULL);
	look(run, "both");
	change(run, SIG_UNBLOCK, &first, &before);
	note_set(run, "before", &before);
	look(run, "one");
	change(run, SIG_SETMASK, &first, NULL);
	look(run, "the other");
	change(run, SIG_BLOCK, &all, NULL);
	look(run, "all that can be");
	change(run, SIG_SETMASK, &none, NULL);
	look(run, "none");
}

static void errors(struct run *run)
{
	const sigset_t set = only(SIGUSR1);
	sigset_t before;

	change(run, 99, &set, NULL);
	change(run, -1, &set, &before);
	change(run, 99, NULL, &before);
	look(run, "as it was");
}

struct other {
	struct run *run;
	atomic_bool changed, looked, over;
	bool usr1, usr2; /* in its mask, at the end */
};

static void *have_a_mask(void *arg)
{
	struct other *other = arg;
	const sigset_t second = only(SIGUSR2);
	sigset_t now;

	if (!atomic_load(&other->over))
		other->run->calls->pthread_sigmask(SIG_BLOCK, &second, NULL);
	atomic_store(&other->changed, true);
	await_flag(other->run, &other->looked);
	other->run->calls->pthread_sigmask(SIG_BLOCK, NULL, &now);
	other->usr1 = sigismember(&now, SIGUSR1);
	other->usr2 = sigismember(&now, SIGUSR2);
	return NULL;
}

static void new_threads_have_their_makers(struct run *run)
{
	struct other other = {.run = run, .looked = true, .over = true};
	const sigset_t first = only(SIGUSR1);
	pthread_t thread;

	change(run, SIG_BLOCK, &first, NULL);
	check(run, run->calls->pthread_create(&thread, NULL, have_a_mask, &other) == 0);
	change(run, SIG_UNBLOCK, &first, NULL);
	check(run, run->calls->pthread_join(thread, NULL) == 0);
	note(run, "it has USR1 %d, USR2 %d", other.usr1, other.usr2);
}

static void others_keep_theirs(struct run *run)
{
	struct other other = {.run = run};
	const sigset_t first = only(SIGUSR1);
	pthread_t thread;

	check(run, run->calls->pthread_create(&thread, NULL, have_a_mask, &other) == 0);
	await_flag(run, &other.changed);
	look(run, "the other has changed its own");
	change(run, SIG_BLOCK, &first, NULL);
	atomic_store(&other.looked, true);
	check(run, run->calls->pthread_join(thread, NULL) == 0);
	look(run, "the other has ended");
	note(run, "it had USR1 %d, USR2 %d", other.usr1, other.usr2);
	change(run, SIG_UNBLOCK, &first, NULL);
}

void sigmasking_add(const struct sigmasking *verb)
{
	static const struct scenario scenarios[] = {
		{"is what was set", is_what_was_set},
		{"errors", errors},
		{"new threads have their maker's", new_threads_have_their_makers},
		{"others keep theirs", others_keep_theirs},
	};

	suite_add(scenarios, COUNT(scenarios), verb);
}
