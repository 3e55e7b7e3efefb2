/* resolving.c - scenarios of res_query and its kin, against a name server of their own. */
#include "harness/resolving.h"
#include "harness/bystander.h"
#include "harness/mate.h"
#include "harness/nameserver.h"
#include "harness/scenario.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Whose state a call uses, of those that take one. */
enum { THREADS = 1, OWN_STATE };

enum { ANSWER = 1024 };

const char *full_name(const struct question *q, char *text)
{
	snprintf(text, FULL_NAME, "%s.test", q->label);
	return text;
}

int make_message(const struct question *q, unsigned char *message)
{
	char name[FULL_NAME];

	return res_mkquery(QUERY, full_name(q, name), q->class, q->type, NULL, 0, NULL,
		message, MESSAGE);
}

/* --- states ------------------------------------------------------------------------------------------- */

/* Have STATE ask SERVER alone, whatever this machine's files say. */
static void point(res_state state, const struct sockaddr_in *server)
{
	state->options = RES_INIT | RES_DEFAULT;
	state->nscount = 1;
	state->nsaddr_list[0] = *server;
	state->retry = 2;
	state->ndots = 1;
	strcpy(state->defdname, "test");
	memset(state->dnsrch, 0, sizeof(state->dnsrch));
	state->dnsrch[0] = state->defdname;
}

/* The state that a scenario's calls use. */
static res_state make_state(struct run *run, const struct sockaddr_in *server)
{
	static struct __res_state own;
	res_state state = run->kind == OWN_STATE ? &own : &_res;

	if (state == &own)
		memset(&own, 0, sizeof(own));
	check(run, (state == &own ? res_ninit(&own) : res_init()) == 0);
	point(state, server);
	return state;
}

static void drop_state(struct run *run, res_state state)
{
	if (run->kind == OWN_STATE)
		res_nclose(state);
}

/* --- questions ---------------------------------------------------------------------------------------- */

static void ask(struct run *run, res_state state, struct question q)
{
	const struct resolving *verb = run->verb;
	unsigned char answer[ANSWER];
	const struct calls *calls;
	int error;

	memset(answer, '#', sizeof(answer));
	state->res_h_errno = 0;
	calls = enter(run);
	h_errno = 7;
	errno = EXDEV;
	result(run, q.label, verb->ask(calls, state, &q, answer));
	error = errno;
	note(run, "h_errno %d, %d, errno %s", h_errno, state->res_h_errno,
		error_name(error));
	answer[0] = answer[1] = 0; /* chosen by chance */
	note_bytes(run, "answer", answer, sizeof(answer));
}

static struct question about(const char *label)
{
	return (struct question){label, C_IN, T_A, ANSWER};
}

/* Ask for each of LABELS in turn. */
static void ask_all(struct run *run, const char *const *labels)
{
	struct nameserver server;
	res_state state;

	nameserver_start(run, &server);
	state = make_state(run, &server.address);
	for (; *labels; labels++)
		ask(run, state, about(*labels));
	drop_state(run, state);
	nameserver_stop(&server);
}

/* --- scenarios ---------------------------------------------------------------------------------------- */

static void answers(struct run *run)
{
	ask_all(run, (const char *const[]){"host", "many", "stray", "host", NULL});
}

static void refusals(struct run *run)
{
	ask_all(run, (const char *const[]){
			     "nx", "none", "fail", "refused", "scrap", "host", NULL});
}

static void over_tcp(struct run *run)
{
	ask_all(run, (const char *const[]){"cut", "host", "cut", NULL});
}

static void late(struct run *run)
{
	struct bystander bystander;

	bystander_start(run, &bystander);
	ask_all(run, (const char *const[]){"late", NULL});
	bystander_ran(run, &bystander);
}

static void little_room(struct run *run)
{
	static const int rooms[] = {0, -1, 5, 11};
	struct question q = about("many");
	struct nameserver server;
	res_state state;

	nameserver_start(run, &server);
	state = make_state(run, &server.address);
	for (size_t i = 0; i < COUNT(rooms); i++) {
		q.room = rooms[i];
		ask(run, state, q);
	}
	q.room = 100;
	ask(run, state, q);
	drop_state(run, state);
	nameserver_stop(&server);
}

static void nobody(struct run *run)
{
	struct sockaddr_in address;
	res_state state;

	keep_foreign(run, nobody_there(run, &address));
	state = make_state(run, &address);
	ask(run, state, about("host"));
	state->nscount = 0;
	ask(run, state, about("host"));
	state->nscount = 1; /* what libc has made for it is freed by that number */
	drop_state(run, state);
}

static void malformed(struct run *run)
{
	char label[71] = "";
	struct nameserver server;
	res_state state;

	nameserver_start(run, &server);
	state = make_state(run, &server.address);
	ask(run, state, (struct question){"host", -1, T_A, ANSWER});
	ask(run, state, (struct question){"host", 70000, T_A, ANSWER});
	ask(run, state, (struct question){"host", C_IN, -1, ANSWER});
	ask(run, state, about(""));
	memset(label, 'a', sizeof(label) - 1);
	ask(run, state, about(label));
	drop_state(run, state);
	nameserver_stop(&server);
}

/* Without a state, libc makes the thread's when it is needed, whatever is in it. */
static void unmade(struct run *run)
{
	struct question q = about("host");

	_res.retrans = 1;
	_res.retry = 1;
	q.room = 5; /* nobody is asked */
	ask(run, &_res, q);
	note(run, "options %#lx, servers %d, every %d s, %d times", _res.options,
		_res.nscount, _res.retrans, _res.retry);
}

/* Another thread's question, with a state of its own or, of a fiber, the same. */
struct other {
	struct mate mate;
	const struct sockaddr_in *server;
};

static void asks_late(struct mate *mate)
{
	static struct __res_state own;
	const struct resolving *verb = mate->run->verb;
	const struct other *other = mate->arg;
	res_state state = mate->run->kind == OWN_STATE ? &own : &_res;
	const struct question q = about("late");
	unsigned char answer[ANSWER];

	if (state->nsaddr_list[0].sin_port != other->server->sin_port) {
		check(mate->run, (state == &own ? res_ninit(&own) : res_init()) == 0);
		point(state, other->server);
	}
	mate->outcome = mate_leave(mate, verb->ask(mate_enter(mate), state, &q, answer));
	if (state == &own) {
		res_nclose(state);
		memset(state, 0, sizeof(*state));
	}
}

/* Fibers of one thread take turns with its state. */
static bool share_state(const struct run *run, struct other *other)
{
	return run->mode != PLAIN && run->kind == THREADS &&
	       atomic_load(&other->mate.spot.thread) == run->home;
}

static void two_at_once(struct run *run)
{
	struct nameserver server;
	struct other other = {.mate = {.act = asks_late}, .server = &server.address};
	res_state state;

	nameserver_start(run, &server);
	state = make_state(run, &server.address);
	other.mate.arg = &other;
	mate_start(run, &other.mate);
	await_flag(run, &server.holds);
	ask(run, state, about("host"));
	check(run, !share_state(run, &other) || !server.more_came);
	mate_join(&other.mate);
	note(run, "the other's: %ld", other.mate.outcome);
	drop_state(run, state);
	nameserver_stop(&server);
}

static const struct scenario always[] = {
	{"answers", answers, THREADS},
	{"refusals", refusals, THREADS},
	{"over TCP", over_tcp, THREADS},
	{"late", late, THREADS},
	{"little room", little_room, THREADS},
	{"nobody there", nobody, THREADS},
	{"two at once", two_at_once, THREADS},
};
static const struct scenario with_state[] = {
	{"answers, own state", answers, OWN_STATE},
	{"refusals, own state", refusals, OWN_STATE},
	{"over TCP, own state", over_tcp, OWN_STATE},
	{"late, own state", late, OWN_STATE},
	{"two at once, own states", two_at_once, OWN_STATE},
};
static const struct scenario names[] = {{"malformed", malformed, THREADS}};
static const struct scenario without_state[] = {{"unmade", unmade, THREADS}};

void resolving_add(const struct resolving *verb)
{
	suite_add(always, COUNT(always), verb);
	if (verb->takes_state)
		suite_add(with_state, COUNT(with_state), verb);
	else
		suite_add(without_state, COUNT(without_state), verb);
	if (!verb->takes_message)
		suite_add(names, COUNT(names), verb);
}
