/* overflow.c - a fiber that needs more stack than it has: what is said, and how the
 * program ends. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"

/* Else AddressSanitizer says it before us. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "handle_segv=0:detect_stack_use_after_return=0";
}

static void overflow_in(const char *name, size_t size, void *(*entry)(void *))
{
	const struct co_fiber_attr attr = {.name = name, .stack_size = size};
	co_fiber *fiber;

	must(co_fiber_spawn(&fiber, &attr, entry, NULL) == 0);
	join(fiber);
}

static unsigned __attribute__((noinline)) recurse(unsigned depth)
{
	volatile char frame[512];

	frame[0] = frame[511] = (char)depth;
	if (depth > 1u << 30)
		return 0;
	return recurse(depth + 1) + (unsigned)frame[depth % 512];
}

static void *recurse_in_fiber(void *arg)
{
	(void)arg;
	return (void *)(uintptr_t)recurse(0);
}

static void said(const struct child *child, const char *text)
{
	if (!strstr(child->output, text))
		fail_msg("no '%s' in: %s", text, child->output);
}

static void not_said(const struct child *child, const char *text)
{
	if (strstr(child->output, text))
		fail_msg("'%s' in: %s", text, child->output);
}

static void died_of(const struct child *child, int signo)
{
	if (!WIFSIGNALED(child->status) || WTERMSIG(child->status) != signo)
		fail_msg("status %#x, said: %s", (unsigned)child->status, child->output);
}

static size_t size_said(const struct child *child)
{
	static const char before[] = ", stack of ";
	const char *at = strstr(child->output, before);

	return at ? strtoul(at + strlen(before), NULL, 10) : 0;
}

static void named(void *arg)
{
	(void)arg;
	overflow_in("digger", 128 * 1024, recurse_in_fiber);
}

static void the_message_says_who_and_what_to_do(void **state)
{
	struct child child;
	char entry[32];

	(void)state;
	child_run(&child, named, NULL);
	died_of(&child, SIGSEGV);
	said(&child, "stack overflow in fiber digger");
	snprintf(entry, sizeof(entry), "%p", (void *)recurse_in_fiber);
	said(&child, entry);
	said(&child, "COHOOK_STACK=16M");
	said(&child, "pthread_attr_setstacksize");
	assert_in_range(size_said(&child), 128 * 1024, 136 * 1024);
}

static void nameless(void *arg)
{
	(void)arg;
	overflow_in(NULL, 0, recurse_in_fiber);
}

static void a_fiber_without_a_name_is_reported_too(void **state)
{
	struct child child;

	(void)state;
	child_run(&child, nameless, NULL);
	died_of(&child, SIGSEGV);
	said(&child, "stack overflow in fiber (unnamed)");
}

static void *overflow_on_a_worker(void *arg)
{
	named(arg);
	return NULL;
}

static void on_a_second_thread(void *arg)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, overflow_on_a_worker, arg) == 0);
	pthread_join(thread, NULL);
}

static void every_thread_is_watched(void **state)
{
	struct child child;

	(void)state;
	child_run(&child, on_a_second_thread, NULL);
	died_of(&child, SIGSEGV);
	said(&child, "stack overflow in fiber digger");
}

/* --- other faults are none of our business ----------------------------------------- */

__attribute__((no_sanitize("undefined"))) static void *write_to_null(void *arg)
{
	*(volatile char *)arg = 1;
	return NULL;
}

static void null_pointer(void *arg)
{
	join(spawn(write_to_null, arg));
}

static void other_faults_are_not_explained(void **state)
{
	struct child child;

	(void)state;
	child_run(&child, null_pointer, NULL);
	died_of(&child, SIGSEGV);
	assert_string_equal(child.output, "");
}

static void killed(void *arg)
{
	must(co_loop() != arg);
	kill(getpid(), SIGSEGV);
	raise(SIGSEGV);
	pause();
}

static void a_signal_that_was_sent_ends_the_program(void **state)
{
	struct child child;

	(void)state;
	child_run(&child, killed, NULL);
	died_of(&child, SIGSEGV);
	assert_string_equal(child.output, "");
}

/* --- the program's own handling ---------------------------------------------------- */

static void own_handler(int signo)
{
	static const char text[] = "my own handler\n";

	must(write(STDERR_FILENO, text, sizeof(text) - 1) > 0);
	signal(signo, SIG_DFL);
}

static void handler_before(void *arg)
{
	struct sigaction action = {.sa_handler = own_handler, .sa_flags = SA_ONSTACK};

	must(sigaction(SIGSEGV, &action, NULL) == 0);
	named(arg);
}

static void handler_after(void *arg)
{
	struct sigaction action = {.sa_handler = own_handler, .sa_flags = SA_ONSTACK};

	must(co_loop() != arg);
	must(co_sigaction(SIGSEGV, &action, NULL) == 0);
	named(arg);
}

static void the_programs_own_handler_is_kept(void **state)
{
	void (*const bodies[])(void *) = {handler_before, handler_after};

	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct child child;
		child_run(&child, bodies[i], NULL);
		died_of(&child, SIGSEGV);
		said(&child, "my own handler");
		not_said(&child, "cohook");
	}
}

static void look_at_action(void *arg)
{
	struct sigaction action = {.sa_handler = own_handler}, before;

	must(co_loop() != arg);
	memset(&before, 1, sizeof(before));
	must(co_sigaction(SIGSEGV, NULL, &before) == 0);
	must(before.sa_handler == SIG_DFL && before.sa_flags == 0);
	must(co_sigaction(SIGSEGV, &action, &before) == 0);
	must(before.sa_handler == SIG_DFL);
	must(co_sigaction(SIGSEGV, &before, &action) == 0);
	must(action.sa_handler == own_handler);
	must(co_signal(SIGSEGV, own_handler) == SIG_DFL);
	must(co_signal(SIGSEGV, SIG_IGN) == own_handler);
	must(co_signal(SIGSEGV, SIG_DFL) == SIG_IGN);
}

static void the_program_does_not_see_ours(void **state)
{
	(void)state;
	child_succeeds(look_at_action, NULL);
}

static char own_stack[64 * 1024];

static void keep_own_stack(void *arg)
{
	stack_t mine = {.ss_sp = own_stack, .ss_size = sizeof(own_stack)}, now;

	must(sigaltstack(&mine, NULL) == 0);
	must(co_loop() != arg);
	must(sigaltstack(NULL, &now) == 0);
	must(now.ss_sp == own_stack);
	named(arg);
}

static void the_programs_own_signal_stack_is_kept(void **state)
{
	struct child child;

	(void)state;
	child_run(&child, keep_own_stack, NULL);
	died_of(&child, SIGSEGV);
	said(&child, "stack overflow in fiber digger");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_message_says_who_and_what_to_do),
		cmocka_unit_test(a_fiber_without_a_name_is_reported_too),
		cmocka_unit_test(every_thread_is_watched),
		cmocka_unit_test(other_faults_are_not_explained),
		cmocka_unit_test(a_signal_that_was_sent_ends_the_program),
		cmocka_unit_test(the_programs_own_handler_is_kept),
		cmocka_unit_test(the_program_does_not_see_ours),
		cmocka_unit_test(the_programs_own_signal_stack_is_kept),
	};

	return RUN(tests);
}
