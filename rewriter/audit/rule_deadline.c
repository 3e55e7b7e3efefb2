/* rule_deadline.c - waits for the network in a unit that sets no deadline.
 *
 * Non-blocking descriptors need none. The report leaves a finding out if another source of
 * the folder sets one (gate). accept(2), which may wait for ever, is let pass, and so are read(2) and write(2), whose
 * descriptor may be anything. Called by judge. */
#include <string.h>
#include <sys/socket.h>

#include "audit/rule.h"
#include "hooks.h"
#include "pool.h"

static const struct argument *argument_at(const struct event *call, size_t index)
{
	return index < call->narguments ? &call->arguments[index] : NULL;
}

static bool is_zero(const struct argument *argument)
{
	return argument && ((argument->constant && argument->value == 0) ||
				   !strcmp(argument->text, "NULL"));
}

/* The argument that says how long CALL waits; NULL: it is no such call. */
static const struct argument *timeout_of(const struct event *call, bool *by_pointer)
{
	static const struct {
		const char *name;
		size_t argument;
		bool by_pointer;
	} rows[] = {{"poll", 2, false}, {"epoll_wait", 3, false},
		{"epoll_pwait", 3, false}, {"ppoll", 2, true}, {"select", 4, true},
		{"pselect", 4, true}, {"epoll_pwait2", 3, true}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(call->name, rows[i].name) != 0)
			continue;
		*by_pointer = rows[i].by_pointer;
		return argument_at(call, rows[i].argument);
	}
	return NULL;
}

static bool waits_for_ever(const struct event *call)
{
	bool by_pointer;
	const struct argument *timeout = timeout_of(call, &by_pointer);

	if (!timeout)
		return false;
	return by_pointer ? is_zero(timeout) : timeout->constant && timeout->value < 0;
}

static bool sets_deadline(const struct event *call)
{
	bool by_pointer;

	if (call->kind != EVENT_CALL || !call->name)
		return false;
	if (!strncmp(call->name, "co_deadline", 11) || !strcmp(call->name, "alarm") ||
		!strcmp(call->name, "setitimer"))
		return true;
	if (!call->row)
		return false;
	if (!strcmp(call->name, "setsockopt") && call->narguments == 5)
		return call->arguments[2].constant &&
		       (call->arguments[2].value == SO_RCVTIMEO ||
			       call->arguments[2].value == SO_SNDTIMEO);
	return timeout_of(call, &by_pointer) && !waits_for_ever(call);
}

static bool is_of_network(const struct event *call)
{
	static const char *const names[] = {"recv", "recvfrom", "recvmsg", "recvmmsg",
		"send", "sendto", "sendmsg", "sendmmsg", "connect"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(call->name, names[i]))
			return true;
	return waits_for_ever(call);
}

void rule_deadline(struct view *view)
{
	const struct survey *survey = view->survey;

	view->deadlines = view->nonblocking;
	for (size_t i = 0; i < survey->nevents; i++)
		view->deadlines |= sets_deadline(&survey->events[i]);
	if (view->deadlines)
		return;
	for (size_t i = 0; i < survey->nevents; i++) {
		const struct event *call = &survey->events[i];
		if (!view_waits(view, i) || !is_of_network(call))
			continue;
		struct finding *finding = view_add(view, RULE_NO_DEADLINE, i);
		finding->message = pool_printf(view->pool,
			"%s waits %s without a deadline, and nothing sets one",
			call->name, view_class(call->row->waits));
	}
}
