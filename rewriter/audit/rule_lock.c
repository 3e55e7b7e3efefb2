/* rule_lock.c - waits while a lock is held, in one function or in what it calls.
 *
 * A lock is known by the text that names it. Only what is held on every way counts: where
 * branches meet, the locks that all of them hold stay; a branch that leaves the function
 * or the loop has no say. An unlock whose text fits none ends them all. Functions of the
 * unit that lock or unlock for their caller are followed; std::lock_guard and its kin hold
 * what they are made with to the end of their scope, unless they are told to unlock it.
 * Called by judge. */
#include <string.h>

#include "audit/reach.h"
#include "audit/rule.h"
#include "hooks.h"
#include "pool.h"

enum { MOST_HELD = 16 };

struct held_lock {
	const char *text;
	struct mark at;
};

struct held {
	struct held_lock list[MOST_HELD];
	size_t count;
};

/* What a function of the unit does with locks for its caller. */
struct effect {
	enum { UNKNOWN, WORKING, KNOWN } state;
	bool releases; /* it unlocks what it has not locked */
	struct held takes;
};

struct locking {
	struct view *view;
	struct reach reach;
	struct effect *effects; /* of each function */
	struct effect *learns;  /* the one that is being found out; NULL: findings are
				   made */
	size_t at, end;         /* events */
};

static bool is_one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static bool locks(const struct event *call)
{
	static const char *const names[] = {"pthread_mutex_lock", "pthread_rwlock_rdlock",
		"pthread_rwlock_wrlock", "pthread_spin_lock", "mtx_lock", NULL};

	if (call->mutex)
		return !strncmp(call->name, "lock", 4);
	return call->row && call->narguments && is_one_of(call->name, names);
}

static bool unlocks(const struct event *call)
{
	static const char *const names[] = {"pthread_mutex_unlock",
		"pthread_rwlock_unlock", "pthread_spin_unlock", "mtx_unlock", NULL};

	if (call->mutex)
		return !strncmp(call->name, "unlock", 6);
	return call->row && call->narguments && is_one_of(call->name, names);
}

static const char *lock_of(const struct event *call)
{
	return call->mutex ? call->mutex : call->arguments[0].text;
}

/* After these nothing follows. */
static bool never_returns(const struct event *call)
{
	static const char *const names[] = {"exit", "_exit", "_Exit", "quick_exit",
		"abort", "pthread_exit", "thrd_exit", "longjmp", "siglongjmp", "err",
		"errx", "verr", "verrx", "__assert_fail", NULL};

	return call->name && is_one_of(call->name, names);
}

static size_t index_of(const struct held *held, const char *text)
{
	size_t i = 0;

	while (i < held->count && strcmp(held->list[i].text, text) != 0)
		i++;
	return i;
}

static void take_lock(struct held *held, const char *text, const struct mark *at)
{
	if (*text && held->count < MOST_HELD && index_of(held, text) == held->count)
		held->list[held->count++] = (struct held_lock){text, *at};
}

/* Whether it was held. */
static bool release(struct held *held, const char *text)
{
	size_t i = index_of(held, text);
	bool known = i < held->count;

	if (!known)
		held->count = 0;
	else
		memmove(&held->list[i], &held->list[i + 1],
			(--held->count - i) * sizeof *held->list);
	return known;
}

static void intersect(struct held *held, const struct held *other)
{
	size_t kept = 0;

	for (size_t i = 0; i < held->count; i++)
		if (index_of(other, held->list[i].text) < other->count)
			held->list[kept++] = held->list[i];
	held->count = kept;
}

/* The lock that a wait keeps; a condition variable's own is let go of while it waits. */
static const struct held_lock *kept_lock(
	const struct held *held, const struct event *call)
{
	bool condition = call->row && !strcmp(call->row->waits, "COND");
	const char *own =
		condition && call->narguments > 1 ? call->arguments[1].text : NULL;

	for (size_t i = held->count; i-- > 0;)
		if (!own || strcmp(held->list[i].text, own) != 0)
			return &held->list[i];
	return NULL;
}

/* The call that waits in the end, for EVENT, a call of a function that comes to it. */
static size_t end_of_way(struct locking *l, size_t event)
{
	while (!(view_waits(l->view, event) & WAITS_LONG))
		event = reach_from(&l->reach, l->view->callees[event]);
	return event;
}

static void tell(struct locking *l, size_t event, const struct held_lock *lock)
{
	struct view *view = l->view;
	struct finding *finding = view_add(view, RULE_LOCK, event);
	size_t last = event;

	finding_relate(view->findings, view_spelled(view, &lock->at),
		pool_printf(view->pool, "%s is locked here", lock->text));
	if (!(view_waits(view, event) & WAITS_LONG))
		last = reach_tell(&l->reach, view->findings, event);
	finding = &view->findings->items[view->findings->count - 1];
	const struct event *wait = &view->survey->events[last];
	finding->waits = wait->row->waits;
	finding->message =
		last == event
			? pool_printf(view->pool, "%s waits %s while %s is held",
				  wait->name, view_class(wait->row->waits), lock->text)
			: pool_printf(view->pool,
				  "%s comes to %s, which waits %s, while %s is "
				  "held",
				  finding->callee, wait->name,
				  view_class(wait->row->waits), lock->text);
}

static bool run(struct locking *l, struct held *held);

static const struct effect *effect_of(struct locking *l, size_t function)
{
	struct effect *effect = &l->effects[function];
	const struct surveyed *surveyed = &l->view->survey->functions[function];

	if (effect->state != UNKNOWN)
		return effect;
	effect->state = WORKING;
	struct locking inner = *l;
	inner.learns = effect;
	inner.at = surveyed->begin;
	inner.end = surveyed->end;
	struct held held = {0};
	while (inner.at < inner.end)
		run(&inner, &held);
	effect->takes = held;
	effect->state = KNOWN;
	return effect;
}

static void look_for_wait(struct locking *l, size_t event, const struct held *held)
{
	size_t callee = l->view->callees[event];
	bool waits = view_waits(l->view, event) & WAITS_LONG;

	if (l->learns || !held->count)
		return;
	if (!waits &&
		(callee == NO_FUNCTION || reach_from(&l->reach, callee) == NO_EVENT))
		return;
	/* Whether it unlocks first what we hold is not looked at. */
	if (!waits && effect_of(l, callee)->releases)
		return;
	const struct event *last = &l->view->survey->events[end_of_way(l, event)];
	const struct held_lock *lock = kept_lock(held, last);
	if (lock)
		tell(l, event, lock);
}

static void call(struct locking *l, size_t event, struct held *held, bool left)
{
	const struct event *made = &l->view->survey->events[event];
	size_t callee = l->view->callees[event];

	if (locks(made)) {
		take_lock(held, lock_of(made), &made->at);
		return;
	}
	if (unlocks(made)) {
		if (!release(held, lock_of(made)) && l->learns && !left)
			l->learns->releases = true;
		return;
	}
	/* Of some other class; which lock that is is not known. */
	if (made->name && !made->row && !strcmp(made->name, "unlock"))
		held->count = 0;
	look_for_wait(l, event, held);
	if (callee == NO_FUNCTION)
		return;
	const struct effect *effect = effect_of(l, callee);
	if (effect->state != KNOWN)
		return;
	if (effect->releases) {
		if (l->learns && !left && !held->count)
			l->learns->releases = true;
		held->count = 0;
	}
	for (size_t i = 0; i < effect->takes.count; i++)
		take_lock(held, effect->takes.list[i].text, &made->at);
}

static enum event_kind kind_at(const struct locking *l)
{
	return l->at < l->end ? l->view->survey->events[l->at].kind : EVENT_END;
}

static bool run_if(struct locking *l, struct held *held)
{
	struct held other = *held;
	bool left = run(l, held), other_left = false;

	if (kind_at(l) == EVENT_ELSE) {
		l->at++;
		other_left = run(l, &other);
	}
	l->at++;
	if (left)
		*held = other;
	else if (!other_left)
		intersect(held, &other);
	return left && other_left;
}

static void run_loop(struct locking *l, struct held *held)
{
	struct held body = *held;

	if (!run(l, &body))
		intersect(held, &body);
	l->at++;
}

static void run_switch(struct locking *l, struct held *held)
{
	const struct held entry = *held;
	struct held branch = entry;

	while (kind_at(l) != EVENT_END) {
		if (kind_at(l) == EVENT_CASE)
			l->at++;
		if (!run(l, &branch))
			intersect(held, &branch);
		branch = entry;
	}
	l->at++;
}

/* Whether control goes on elsewhere afterwards. A `break` ends a case, it leaves none. */
static bool step(struct locking *l, struct held *held, bool left)
{
	size_t event = l->at++;
	const struct event *now = &l->view->survey->events[event];

	switch (now->kind) {
	case EVENT_CALL:
		call(l, event, held, left);
		return left || never_returns(now);
	case EVENT_LOCK:
		take_lock(held, now->name, &now->at);
		return left;
	case EVENT_UNLOCK:
		if (index_of(held, now->name) < held->count)
			release(held, now->name);
		return left;
	case EVENT_IF:
		return run_if(l, held) || left;
	case EVENT_LOOP:
		run_loop(l, held);
		return left;
	case EVENT_SWITCH:
		run_switch(l, held);
		return left;
	case EVENT_LEAVE:
		return true;
	default:
		return left;
	}
}

/* Up to the end of the branch, which is left for the caller to pass. What comes behind a
 * `return` has a label, and what is held there is not known. */
static bool run(struct locking *l, struct held *held)
{
	bool left = false;

	while (kind_at(l) != EVENT_END && kind_at(l) != EVENT_ELSE &&
		kind_at(l) != EVENT_CASE) {
		if (left)
			held->count = 0;
		left = step(l, held, left);
	}
	return left;
}

/* Whether what FUNCTION leaves locked at its end is only so on some ways out is not
 * looked at. */
void rule_lock(struct view *view)
{
	const struct survey *survey = view->survey;
	struct locking l = {
		.view = view,
		.effects = pool_alloc(
			view->pool, (survey->nfunctions + 1) * sizeof *l.effects),
	};

	reach_open(&l.reach, view, WAITS_LONG);
	for (size_t i = 0; i < survey->nfunctions; i++) {
		struct held held = {0};
		l.at = survey->functions[i].begin;
		l.end = survey->functions[i].end;
		while (l.at < l.end) {
			run(&l, &held);
			l.at += l.at < l.end; /* what ends no branch */
		}
	}
}
