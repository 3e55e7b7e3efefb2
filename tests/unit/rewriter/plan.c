/* The plan: verdicts from facts alone. Each test writes down what a finder would have
 * found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hooks.h"
#include "plan.h"
#include "pool.h"
#include "unit.h"

/* A unit of one source and one header, with functions of a page each. */
enum { SOURCE, HEADER, PAGE = 100, TARGETS = 4, REFERENCES = 8, TOPS = 4 };

struct scene {
	struct pool *pool;
	struct unit_file files[2];
	struct unit unit;
	struct toplevel tops[TOPS];
	struct target targets[TARGETS];
	struct reference references[REFERENCES];
	struct findings found;
	struct plan plan;
};

static struct scene scene;

static int set_up(void **state)
{
	(void)state;
	scene = (struct scene){.pool = pool_new()};
	scene.files[SOURCE] =
		(struct unit_file){.name = "a.c", .includer = NO_FILE, .inclusions = 1};
	scene.files[HEADER] =
		(struct unit_file){.name = "a.h", .includer = SOURCE, .inclusions = 1};
	scene.unit = (struct unit){.pool = scene.pool, .files = scene.files, .nfiles = 2};
	for (size_t i = 0; i < TOPS; i++)
		scene.tops[i] = (struct toplevel){
			SOURCE, i * PAGE, i * PAGE + PAGE - 1, i * PAGE + 1, i};
	scene.found = (struct findings){.tops = scene.tops,
		.ntops = TOPS,
		.targets = scene.targets,
		.references = scene.references};
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pool_free(scene.pool);
	return 0;
}

static struct target *add_target(const char *name)
{
	struct target *target = &scene.targets[scene.found.ntargets++];

	*target = (struct target){.row = hooks_find(name, strlen(name)),
		.name = name,
		.symbol = name,
		.attributes = "",
		.by_libc = true};
	return target;
}

/* A call of the last target in function TOP. */
static struct reference *add_call(size_t top)
{
	struct reference *call = &scene.references[scene.found.nreferences++];
	size_t offset = top * PAGE + scene.found.nreferences;

	*call = (struct reference){.target = scene.found.ntargets - 1,
		.top = top,
		.is_call = true,
		.at.file = SOURCE,
		.at.offset = offset,
		.at.use_file = SOURCE,
		.at.use_offset = offset};
	return call;
}

/* The same text as CALL, used in function TOP. */
static struct reference *add_shared(const struct reference *call, size_t top)
{
	struct reference *other = add_call(top);

	other->at.offset = call->at.offset;
	other->at.in_macro = true;
	return other;
}

static void make(enum threads_mode threads)
{
	const struct rewrite_request request = {.threads = threads};

	plan_make(&scene.plan, &scene.unit, &scene.found, &request);
}

static void assert_rewritten(size_t i, enum means means)
{
	assert_int_equal(scene.plan.decisions[i].verdict, VERDICT_REWRITTEN);
	assert_null(scene.plan.decisions[i].reason.word);
	assert_int_equal(scene.plan.decisions[i].means, means);
}

static void assert_kept(size_t i, const char *reason)
{
	assert_int_equal(scene.plan.decisions[i].verdict, VERDICT_KEPT);
	assert_string_equal(scene.plan.decisions[i].reason.text, reason);
}

/* Only its type is used. */
static void assert_left(size_t i)
{
	assert_int_equal(scene.plan.decisions[i].verdict, VERDICT_KEPT);
	assert_null(scene.plan.decisions[i].reason.word);
}

static void assert_wish(size_t i, enum wish_kind kind, size_t target, size_t top)
{
	assert_true(i < scene.plan.nwishes);
	assert_int_equal(scene.plan.wishes[i].kind, kind);
	assert_int_equal(scene.plan.wishes[i].target, target);
	assert_int_equal(scene.plan.wishes[i].top, top);
}

static void plain_calls_are_edited(void **state)
{
	(void)state;
	add_target("read");
	add_call(2);
	add_call(1);
	add_target("close");
	add_call(3);
	make(THREADS_OS);
	for (size_t i = 0; i < 3; i++)
		assert_rewritten(i, MEANS_EDIT);
	assert_int_equal(scene.plan.nwishes, 2);
	assert_wish(0, WISH_MIRROR, 0, 1);
	assert_wish(1, WISH_MIRROR, 1, 3);
}

static void targets_can_be_kept(void **state)
{
	(void)state;
	add_target("syslog");
	add_call(0);
	add_target("close")->by_libc = false;
	add_call(0);
	add_target("dup")->weak = true;
	add_call(0);
	add_target("read")->symbol = "my_read";
	add_call(0);
	make(THREADS_FIBER);
	assert_kept(0, scene.targets[0].row->why->reason);
	assert_kept(1, "declared by the program, not by a header of libc");
	assert_kept(2, "made weak by the program");
	assert_kept(3, "bound to the symbol my_read, which has no mirror");
	assert_int_equal(scene.plan.nwishes, 0);
}

static void targets_of_cxx_can_be_kept(void **state)
{
	(void)state;
	add_target("close")->nested = true;
	add_call(0);
	add_target("dup")->overload = 1;
	scene.targets[1].declared = 2;
	add_call(3);
	add_target("read");
	add_call(1)->names_type = true;
	make(THREADS_OS);
	assert_kept(0, "libc's declaration is inside a namespace");
	assert_kept(1, "overloaded ahead of libc's declaration");
	assert_kept(2, "the argument of a template is part of a type's name");
	assert_int_equal(scene.plan.nwishes, 0);
}

static void an_overload_comes_after_the_mirror(void **state)
{
	(void)state;
	add_target("close")->overload = 1 + 1;
	add_call(3);
	make(THREADS_OS);
	assert_rewritten(0, MEANS_EDIT);
	assert_wish(0, WISH_MIRROR, 0, 1);
}

static void lookup_that_depends_needs_the_name(void **state)
{
	(void)state;
	add_target("close");
	add_call(1)->obstacles = OBSTACLE_DEPENDENT;
	add_target("read")->object_size =
		"__bos0"; /* so that it has no symbol to change */
	add_call(2)->obstacles = OBSTACLE_DEPENDENT;
	add_target("write")->object_size = "__bos0";
	add_call(3)->obstacles = OBSTACLE_QUALIFIED;
	make(THREADS_OS);
	assert_rewritten(0, MEANS_RELABEL);
	assert_kept(1, "which function it is depends on the arguments of a template");
	assert_kept(2, "its namespaces are not simply written ahead of the name");
}

static void a_local_does_not_reach_out_of_the_body(void **state)
{
	(void)state;
	add_target("read")->object_size = "__bos0";
	add_call(1)->obstacles = OBSTACLE_PASTED;
	add_call(1);
	make(THREADS_OS);
	assert_rewritten(0, MEANS_ALIAS);
	scene.tops[1].body = PAGE + PAGE / 2; /* the uses are ahead of it */
	make(THREADS_OS);
	assert_kept(0, "the name is made by ## or comes from the command line");
	assert_rewritten(1, MEANS_EDIT);
}

static void an_alias_of_the_same_function_is_no_other_symbol(void **state)
{
	(void)state;
	add_target("fcntl")->symbol = "fcntl64";
	add_call(0);
	add_target("close")->symbol = "dup";
	add_call(0);
	make(THREADS_OS);
	assert_rewritten(0, MEANS_EDIT);
	assert_kept(1, "bound to the symbol dup, which has no mirror");
}

static void threads_follow_the_mode(void **state)
{
	(void)state;
	add_target("pthread_create");
	add_call(0);
	add_target("pthread_join");
	add_call(0);
	make(THREADS_OS);
	assert_kept(0, "threads are OS threads without --cohook-threads=fiber");
	assert_rewritten(1, MEANS_EDIT);
	make(THREADS_FIBER);
	assert_rewritten(0, MEANS_EDIT);
}

static void places_can_be_kept(void **state)
{
	(void)state;
	scene.files[HEADER].precompiled = true;
	add_target("close");
	add_call(0)->at.file = HEADER;
	add_call(0)->top = NO_FILE;
	add_call(0);
	make(THREADS_OS);
	assert_kept(0, "in a precompiled header");
	assert_kept(1, "in a header of the system");
	assert_rewritten(2, MEANS_EDIT);
}

static void pragmas_make_regions(void **state)
{
	static struct skipped skipped[] = {{150, 190}};
	static char text[4 * PAGE + 1];

	(void)state;
	memset(text, '\n', sizeof text - 1);
	memcpy(text + 110, "#pragma cohook on", 17);
	memcpy(text + 10, "#pragma cohook off", 18);
	memcpy(text + 160, "#pragma cohook off", 18);
	memcpy(text + 210, "#pragma cohook off", 18);
	scene.files[SOURCE].text = text;
	scene.files[SOURCE].length = sizeof text - 1;
	scene.files[SOURCE].skipped = skipped;
	scene.files[SOURCE].nskipped = 1;
	scene.files[HEADER].include_offset = 50;
	add_target("close");
	add_call(0)->at.use_offset = 5;
	add_call(0)->at.use_offset = 50;
	add_call(1)->at.use_offset = 140;
	add_call(1)->at.use_offset = 195;
	add_call(2)->at.use_offset = 250;
	add_call(0)->at.use_file = HEADER;
	make(THREADS_OS);
	assert_rewritten(0, MEANS_EDIT);
	assert_kept(1, "#pragma cohook off");
	assert_rewritten(2, MEANS_EDIT);
	assert_rewritten(3, MEANS_EDIT);
	assert_kept(4, "#pragma cohook off");
	assert_kept(5, "#pragma cohook off");
}

static void one_text_has_one_fate(void **state)
{
	struct reference *first;

	(void)state;
	add_target("close");
	first = add_call(0);
	add_shared(first, 1)->top = NO_FILE;
	add_shared(first, 2)->unevaluated = true;
	add_call(3);
	make(THREADS_OS);
	assert_kept(
		0, "the same text is used where it is kept (in a header of the system)");
	assert_kept(1, "in a header of the system");
	assert_left(2);
	assert_rewritten(3, MEANS_EDIT);
}

static void an_edit_is_declared_for_unevaluated_uses_too(void **state)
{
	struct reference *call;

	(void)state;
	add_target("close");
	call = add_call(2);
	add_shared(call, 1)->unevaluated = true;
	add_call(0)->unevaluated = true;
	make(THREADS_OS);
	assert_rewritten(0, MEANS_EDIT);
	assert_rewritten(1, MEANS_EDIT);
	assert_left(2);
	assert_int_equal(scene.plan.nwishes, 1);
	assert_wish(0, WISH_MIRROR, 0, 1);
}

static void obstacles_are_got_round_by_the_symbol(void **state)
{
	(void)state;
	add_target("close");
	add_call(1);
	add_call(2)->obstacles = OBSTACLE_STRING;
	make(THREADS_OS);
	assert_rewritten(0, MEANS_EDIT);
	assert_rewritten(1, MEANS_RELABEL);
	assert_int_equal(scene.plan.nwishes, 2);
	assert_wish(0, WISH_MIRROR, 0, 1);
	assert_wish(1, WISH_RELABEL, 0, 2);
}

static void obstacles_are_got_round_by_an_alias(void **state)
{
	(void)state;
	add_target("read")->object_size = "__bos0";
	add_call(1)->obstacles = OBSTACLE_STRING;
	add_call(1)->obstacles = OBSTACLE_STRING;
	add_target("fcntl")->symbol = "fcntl64";
	add_call(2)->obstacles = OBSTACLE_PASTED;
	add_target("close");
	add_call(0)->top = NO_FILE;
	add_call(3)->obstacles = OBSTACLE_SHARED;
	make(THREADS_OS);
	assert_rewritten(0, MEANS_ALIAS);
	assert_rewritten(1, MEANS_ALIAS);
	assert_rewritten(2, MEANS_ALIAS);
	assert_rewritten(4, MEANS_ALIAS);
	assert_int_equal(scene.plan.nwishes, 6);
	assert_wish(0, WISH_MIRROR, 0, 1);
	assert_wish(3, WISH_ALIAS, 0, 1);
	assert_wish(4, WISH_ALIAS, 1, 2);
	assert_wish(5, WISH_ALIAS, 2, 3);
}

static void obstacles_that_cannot_be_got_round_are_reasons(void **state)
{
	(void)state;
	add_target("fcntl")->symbol = "fcntl64";
	add_call(0)->obstacles = OBSTACLE_SHARED;
	scene.tops[0].body = 0;
	add_call(1)->obstacles = OBSTACLE_PASTED;
	scene.references[1].is_operand = true;
	add_call(2)->obstacles = OBSTACLE_SPLICED;
	add_call(2)->unevaluated = true;
	add_call(3)->obstacles = OBSTACLE_SYSTEM;
	make(THREADS_OS);
	assert_kept(0, "the same text means something else in another expansion");
	assert_kept(1, "the name is made by ## or comes from the command line");
	assert_kept(2, "the name is split by a line continuation");
	assert_rewritten(4, MEANS_ALIAS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			plain_calls_are_edited, set_up, tear_down),
		cmocka_unit_test_setup_teardown(targets_can_be_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			targets_of_cxx_can_be_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_overload_comes_after_the_mirror, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			lookup_that_depends_needs_the_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_local_does_not_reach_out_of_the_body, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_alias_of_the_same_function_is_no_other_symbol, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			threads_follow_the_mode, set_up, tear_down),
		cmocka_unit_test_setup_teardown(places_can_be_kept, set_up, tear_down),
		cmocka_unit_test_setup_teardown(pragmas_make_regions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_text_has_one_fate, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_edit_is_declared_for_unevaluated_uses_too, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			obstacles_are_got_round_by_the_symbol, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			obstacles_are_got_round_by_an_alias, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			obstacles_that_cannot_be_got_round_are_reasons, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
