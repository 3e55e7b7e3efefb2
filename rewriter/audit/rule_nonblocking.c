/* rule_nonblocking.c - which calls never wait, as far as one function shows it.
 *
 * Either an argument says so (MSG_DONTWAIT, a timeout of 0, WNOHANG), or the descriptor,
 * by the text that names it, was made non-blocking above in the same function: by the
 * call that made it, by fcntl(2), or by a function of the unit that does that with its
 * parameter. A new descriptor of the same name is a new one. Weaker than that: a member of
 * a structure that the unit gives no other descriptors than non-blocking ones, and write(2)
 * or send(2) of a few bytes, by which handlers and threads wake a loop; such calls are let pass by the
 * rules, and no reason is given. Called by judge first. */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "audit/rule.h"
#include "hooks.h"
#include "pool.h"

/* Functions with a flag among their arguments. */
static const struct flag_row {
	const char *name;
	size_t argument;
	long long bits;
	const char *words;
} flags[] = {
	{"recv", 3, MSG_DONTWAIT, "MSG_DONTWAIT"},
	{"recvfrom", 3, MSG_DONTWAIT, "MSG_DONTWAIT"},
	{"recvmsg", 2, MSG_DONTWAIT, "MSG_DONTWAIT"},
	{"recvmmsg", 3, MSG_DONTWAIT, "MSG_DONTWAIT"},
	{"send", 3, MSG_DONTWAIT, "MSG_DONTWAIT"},
	{"sendto", 3, MSG_DONTWAIT, "MSG_DONTWAIT"},
	{"sendmsg", 2, MSG_DONTWAIT, "MSG_DONTWAIT"},
	{"sendmmsg", 3, MSG_DONTWAIT, "MSG_DONTWAIT"},
	{"waitpid", 2, WNOHANG, "WNOHANG"},
	{"wait3", 1, WNOHANG, "WNOHANG"},
	{"wait4", 2, WNOHANG, "WNOHANG"},
	{"waitid", 3, WNOHANG, "WNOHANG"},
	{"splice", 5, SPLICE_F_NONBLOCK, "SPLICE_F_NONBLOCK"},
	{"tee", 3, SPLICE_F_NONBLOCK, "SPLICE_F_NONBLOCK"},
	{"flock", 1, 4 /* LOCK_NB */, "LOCK_NB"},
};

/* Functions with a timeout in milliseconds. */
static const struct {
	const char *name;
	size_t argument;
} timeouts[] = {{"poll", 2}, {"epoll_wait", 3}, {"epoll_pwait", 3}};

/* Functions that make a descriptor, with the flag that makes it non-blocking. */
static const struct flag_row makers[] = {
	{"socket", 1, SOCK_NONBLOCK, "SOCK_NONBLOCK"},
	{"accept4", 3, SOCK_NONBLOCK, "SOCK_NONBLOCK"},
	{"open", 1, O_NONBLOCK, "O_NONBLOCK"},
	{"openat", 2, O_NONBLOCK, "O_NONBLOCK"},
	{"eventfd", 1, O_NONBLOCK, "EFD_NONBLOCK"},
	{"timerfd_create", 1, O_NONBLOCK, "TFD_NONBLOCK"},
	{"signalfd", 2, O_NONBLOCK, "SFD_NONBLOCK"},
	{"inotify_init1", 0, O_NONBLOCK, "IN_NONBLOCK"},
	{"pipe2", 1, O_NONBLOCK, "O_NONBLOCK"},
};

enum { MOST_KNOWN = 32, FEW_BYTES = 8 };

/* A member of structures that is given descriptors. */
struct member {
	const char *name;
	bool blocking; /* some of them may be */
};

/* A descriptor that is non-blocking by now. */
struct known {
	const char *text;
	struct mark at;
	const char *words;
};

struct descriptors {
	struct view *view;
	struct known list[MOST_KNOWN];
	size_t count;
	struct member *members;
	size_t nmembers;
	signed char *setters; /* of each function: 1 + the parameter that it makes
				 non-blocking */
};

static const struct argument *argument_at(const struct event *call, size_t index)
{
	return index < call->narguments ? &call->arguments[index] : NULL;
}

static bool is(const struct event *call, const char *name)
{
	return !strcmp(call->row ? call->row->target : call->name, name);
}

static bool has_bits(const struct event *call, const struct flag_row *row)
{
	const struct argument *argument = argument_at(call, row->argument);

	return is(call, row->name) && argument &&
	       (argument->bits & row->bits) == row->bits;
}

/* What in CALL's own arguments says that it does not wait, or NULL. */
static const char *by_argument(const struct event *call)
{
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (has_bits(call, &flags[i]))
			return flags[i].words;
	for (size_t i = 0; i < sizeof timeouts / sizeof *timeouts; i++) {
		const struct argument *argument = argument_at(call, timeouts[i].argument);
		if (is(call, timeouts[i].name) && argument && argument->constant &&
			argument->value == 0)
			return "a timeout of 0";
	}
	return NULL;
}

static bool is_setting(const struct event *call)
{
	const struct argument *command = argument_at(call, 1),
			      *value = argument_at(call, 2);

	return call->row && is(call, "fcntl") && command && command->constant &&
	       command->value == F_SETFL && value && (value->bits & O_NONBLOCK);
}

/* The row by which CALL makes a non-blocking descriptor, or NULL. */
static const struct flag_row *maker_of(const struct event *call)
{
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
		if ((call->row || call->system) && has_bits(call, &makers[i]))
			return &makers[i];
	return NULL;
}

/* ioctl(fd, FIONBIO, &yes) */
static bool is_ioctl(const struct event *call)
{
	return call->row && is(call, "ioctl") && call->narguments > 1 &&
	       call->arguments[1].constant && call->arguments[1].value == FIONBIO;
}

/* The member that TEXT names, "fd" of "list[i]->fd"; NULL if it names none. */
static const char *member_of(const char *text)
{
	const char *name = NULL;

	for (const char *c = text; *c; c++) {
		if (*c == '.')
			name = c + 1;
		else if (c[0] == '-' && c[1] == '>')
			name = c + 2;
		else if (*c == ']' || *c == ')')
			name = NULL;
	}
	return name && *name ? name : NULL;
}

static struct member *find_member(const struct descriptors *d, const char *name)
{
	for (size_t i = 0; i < d->nmembers; i++)
		if (!strcmp(d->members[i].name, name))
			return &d->members[i];
	return NULL;
}

/* What the call EVENT shows for all of the unit. */
static void learn_for_all(struct descriptors *d, size_t event)
{
	const struct event *call = &d->view->survey->events[event];
	const struct flag_row *maker = call->name ? maker_of(call) : NULL;
	const char *name = call->assigned ? member_of(call->assigned) : NULL;

	d->view->nonblocking |=
		maker || (call->name && (is_setting(call) || is_ioctl(call)));
	if (!name)
		return;
	struct member *member = find_member(d, name);
	if (!member) {
		d->members = pool_grow(
			d->view->pool, d->members, d->nmembers, sizeof *d->members);
		member = &d->members[d->nmembers++];
		member->name = name;
	}
	member->blocking |= !maker;
}

static void forget(struct descriptors *d, const char *text)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->count; i++)
		if (strcmp(d->list[i].text, text) != 0)
			d->list[kept++] = d->list[i];
	d->count = kept;
}

static void learn(
	struct descriptors *d, const char *text, const struct mark *at, const char *words)
{
	if (!*text)
		return;
	forget(d, text);
	if (d->count < MOST_KNOWN)
		d->list[d->count++] = (struct known){text, *at, words};
}

static size_t parameter_named(const struct surveyed *function, const char *text)
{
	size_t i = 0;

	while (i < function->nparameters && strcmp(function->parameters[i], text) != 0)
		i++;
	return i;
}

/* Whether FUNCTION makes one of its parameters non-blocking. */
static void find_setter(struct descriptors *d, size_t index)
{
	const struct surveyed *function = &d->view->survey->functions[index];

	for (size_t i = function->begin; i < function->end; i++) {
		const struct event *call = &d->view->survey->events[i];
		if (call->kind != EVENT_CALL || !is_setting(call))
			continue;
		size_t parameter = parameter_named(function, call->arguments[0].text);
		if (parameter < function->nparameters && parameter < 100)
			d->setters[index] = (signed char)(parameter + 1);
	}
}

static void learn_from(struct descriptors *d, size_t event)
{
	const struct event *call = &d->view->survey->events[event];
	size_t callee = d->view->callees[event];

	if (call->assigned)
		forget(d, call->assigned);
	if (callee != NO_FUNCTION && d->setters[callee]) {
		const struct argument *fd =
			argument_at(call, (size_t)d->setters[callee] - 1);
		if (fd)
			learn(d, fd->text, &call->at, "O_NONBLOCK");
	}
	if (is_setting(call))
		learn(d, call->arguments[0].text, &call->at, "O_NONBLOCK");
	const struct flag_row *maker = call->assigned ? maker_of(call) : NULL;
	if (maker)
		learn(d, call->assigned, &call->at, maker->words);
}

/* A pipe, an eventfd or a pair of sockets always has room for a few bytes. */
static bool wakes_a_loop(const struct event *call)
{
	return (is(call, "write") || is(call, "send")) && call->narguments >= 3 &&
	       call->arguments[2].constant && call->arguments[2].value <= FEW_BYTES;
}

static void judge_call(struct descriptors *d, size_t event)
{
	const struct event *call = &d->view->survey->events[event];

	if (!call->row)
		return;
	const char *words = by_argument(call);
	if (words) {
		d->view->shown[event] = words;
		d->view->never[event] = call->at;
	}
	if (!words && view_takes_descriptor(call)) {
		const char *name = member_of(call->arguments[0].text);
		const struct member *member = name ? find_member(d, name) : NULL;
		d->view->quiet[event] =
			(member && !member->blocking) || wakes_a_loop(call);
	}
	for (size_t i = 0; !words && view_takes_descriptor(call) && i < d->count; i++) {
		if (strcmp(d->list[i].text, call->arguments[0].text) != 0)
			continue;
		d->view->shown[event] = d->list[i].words;
		d->view->never[event] = d->list[i].at;
	}
}

void rule_nonblocking(struct view *view)
{
	const struct survey *survey = view->survey;
	struct descriptors d = {
		.view = view, .setters = pool_alloc(view->pool, survey->nfunctions + 1)};

	for (size_t i = 0; i < survey->nfunctions; i++)
		find_setter(&d, i);
	for (size_t i = 0; i < survey->nevents; i++)
		if (survey->events[i].kind == EVENT_CALL)
			learn_for_all(&d, i);
	for (size_t i = 0; i < survey->nfunctions; i++) {
		d.count = 0;
		for (size_t k = survey->functions[i].begin; k < survey->functions[i].end;
			k++) {
			if (survey->events[k].kind != EVENT_CALL)
				continue;
			judge_call(&d, k);
			if (survey->events[k].name)
				learn_from(&d, k);
		}
	}
}
