/* rule_direct.c - the ways to a blocking call that no name of libc's shows: syscall(2),
 * an asm statement, dlsym(3).
 *
 * Of syscall(2) only those calls count that have a mirror under their own name; futex is
 * one for syscall itself. Called by judge. */
#include <ctype.h>
#include <string.h>
#include <sys/syscall.h>

#include "audit/rule.h"
#include "hooks.h"
#include "pool.h"

#define CALL(name) {SYS_##name, #name},

static const struct {
	long number;
	const char *name;
} numbers[] = {
/* Not every machine has the older ones. */
#ifdef SYS_poll
	CALL(poll) CALL(open) CALL(creat) CALL(epoll_wait) CALL(pause) CALL(select)
#endif
#ifdef SYS_accept
		CALL(accept)
#endif
			CALL(read) CALL(write) CALL(readv) CALL(writev) CALL(preadv) CALL(
				pwritev) CALL(recvfrom) CALL(recvmsg) CALL(recvmmsg)
				CALL(sendto) CALL(sendmsg) CALL(sendmmsg) CALL(
					sendfile) CALL(splice) CALL(tee) CALL(vmsplice)
					CALL(connect) CALL(accept4) CALL(openat) CALL(
						fsync) CALL(fdatasync) CALL(syncfs)
						CALL(sync) CALL(flock) CALL(ppoll) CALL(
							epoll_pwait) CALL(nanosleep)
							CALL(clock_nanosleep) CALL(wait4)
								CALL(waitid)};

static const char *name_of(long long number)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (numbers[i].number == number)
			return numbers[i].name;
	return NULL;
}

static void look_at_syscall(struct view *view, size_t event)
{
	const struct event *call = &view->survey->events[event];
	const struct argument *number = call->narguments ? call->arguments : NULL;
	const char *name = number && number->constant ? name_of(number->value) : NULL;

	if (!name)
		return;
	struct finding *finding = view_add(view, RULE_DIRECT, event);
	finding->verdict = FINDING_KEPT;
	finding->reason = reason_make(view->pool, TEXT_SYSCALL, name);
	finding->waits = hooks_find(name, strlen(name))->waits;
	finding->message = pool_printf(view->pool,
		"syscall(SYS_%s) waits %s in the kernel, past the mirror of %s", name,
		view_class(finding->waits), name);
}

static void look_at_dlsym(struct view *view, size_t event)
{
	const struct event *call = &view->survey->events[event];
	const struct argument *name = call->narguments > 1 ? &call->arguments[1] : NULL;
	const struct hook *row = name && name->string
					 ? hooks_find(name->string, strlen(name->string))
					 : NULL;

	if (!row || !strcmp(row->waits, "STATE"))
		return;
	struct finding *finding = view_add(view, RULE_DLSYM, event);
	finding->verdict = FINDING_KEPT;
	finding->reason = reason_make(view->pool, TEXT_DLSYM, name->string);
	finding->waits = row->waits;
	finding->message = pool_printf(view->pool,
		"%s(\"%s\") finds libc's function, which waits %s, not its mirror",
		call->name, name->string, view_class(row->waits));
}

static bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = text; (at = strstr(at, word)); at += length) {
		bool begins =
			at == text || (!isalnum((unsigned char)at[-1]) && at[-1] != '_');
		if (begins && !isalnum((unsigned char)at[length]) && at[length] != '_')
			return true;
	}
	return false;
}

static void look_at_asm(struct view *view, size_t event)
{
	static const char *const words[] = {
		"syscall", "sysenter", "int $0x80", "int 0x80", "svc", "ecall"};
	const char *text = view->survey->events[event].name;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!has_word(text, words[i]))
			continue;
		struct finding *finding = view_add(view, RULE_DIRECT, event);
		finding->verdict = FINDING_KEPT;
		finding->callee = "asm";
		finding->reason = reason_plain(TEXT_ASM);
		finding->message = "an asm statement calls the kernel; what it may wait "
				   "for cannot be seen";
		return;
	}
}

void rule_direct(struct view *view)
{
	for (size_t i = 0; i < view->survey->nevents; i++) {
		const struct event *event = &view->survey->events[i];
		if (event->kind == EVENT_ASM)
			look_at_asm(view, i);
		if (event->kind != EVENT_CALL || !event->name || !event->system)
			continue;
		if (!strcmp(event->name, "syscall"))
			look_at_syscall(view, i);
		if (!strcmp(event->name, "dlsym") || !strcmp(event->name, "dlvsym"))
			look_at_dlsym(view, i);
	}
}
