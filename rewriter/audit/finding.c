/* finding.c - owns the order of findings and what makes two of them one.
 *
 * Lists are sorted by place, so that a report depends neither on the order of the units
 * nor on how many were audited at once. A fingerprint has no line in it: what is alike in
 * one function of one file is numbered. Called by the rules, and for reports. */
#include "audit/finding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"
#include "sha256.h"

struct finding *finding_add(struct finding_list *list, enum rule_id rule)
{
	list->items =
		pool_grow(list->pool, list->items, list->count, sizeof *list->items);
	struct finding *finding = &list->items[list->count++];
	*finding = (struct finding){.rule = rule, .verdict = FINDING_REMARK};
	return finding;
}

void finding_relate(struct finding_list *list, struct place at, const char *message)
{
	struct finding *finding = &list->items[list->count - 1];

	finding->related = pool_grow(list->pool, finding->related, finding->nrelated,
		sizeof *finding->related);
	finding->related[finding->nrelated++] = (struct related){at, message};
}

static int compare_texts(const char *x, const char *y)
{
	return x == y ? 0 : strcmp(x ? x : "", y ? y : "");
}

static int compare_numbers(unsigned x, unsigned y)
{
	return (x > y) - (x < y);
}

static int compare_places(const struct place *x, const struct place *y)
{
	int order = compare_texts(x->file, y->file);

	if (!order)
		order = compare_numbers(x->line, y->line);
	return order ? order : compare_numbers(x->column, y->column);
}

static int compare(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int order = compare_places(&x->spelled, &y->spelled);

	if (!order)
		order = compare_places(&x->used, &y->used);
	if (!order)
		order = compare_texts(x->function, y->function);
	if (!order)
		order = compare_texts(x->callee, y->callee);
	if (!order)
		order = compare_numbers(x->rule, y->rule);
	if (!order)
		order = compare_texts(x->reason.text, y->reason.text);
	if (!order)
		order = compare_texts(x->message, y->message);
	/* The next only decides which of the equal ones stays. */
	return order ? order : compare_texts(x->suppressed, y->suppressed);
}

static bool are_one(const struct finding *x, const struct finding *y)
{
	struct finding x_open = *x, y_open = *y;

	x_open.suppressed = y_open.suppressed = NULL;
	return !compare(&x_open, &y_open);
}

/* What stays the same when text above it comes and goes. */
static const char *trait(struct pool *pool, const struct finding *finding)
{
	const struct place *place =
		finding->used.file ? &finding->used : &finding->spelled;

	return pool_printf(pool, "%s|%s|%s|%s|%s", rules_at(finding->rule)->name,
		place->file ? place->file : "",
		finding->function ? finding->function : "",
		finding->callee ? finding->callee : "",
		finding->reason.word ? finding->reason.word : "");
}

struct trait {
	const char *text;
	size_t index;
};

static int compare_traits(const void *a, const void *b)
{
	const struct trait *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	return order ? order : (x->index > y->index) - (x->index < y->index);
}

static void print_fingerprint(
	struct pool *pool, char *to, const char *text, size_t number)
{
	unsigned char digest[SHA256_SIZE];
	const char *whole = pool_printf(pool, "%s|%zu", text, number);

	sha256(whole, strlen(whole), digest);
	for (size_t i = 0; i < FINGERPRINT_LENGTH / 2; i++)
		sprintf(to + 2 * i, "%02x", digest[i]);
}

static void add_fingerprints(struct finding_list *list)
{
	struct trait *traits = calloc(list->count + 1, sizeof *traits);
	struct pool *pool = pool_new();
	size_t number = 0;

	for (size_t i = 0; traits && i < list->count; i++)
		traits[i] = (struct trait){trait(pool, &list->items[i]), i};
	if (traits)
		qsort(traits, list->count, sizeof *traits, compare_traits);
	for (size_t i = 0; traits && i < list->count; i++) {
		bool alike = i && !strcmp(traits[i].text, traits[i - 1].text);
		number = alike ? number + 1 : 0;
		print_fingerprint(pool, list->items[traits[i].index].fingerprint,
			traits[i].text, number);
	}
	free(traits);
	pool_free(pool);
}

void finding_sort(struct finding_list *list)
{
	size_t kept = 0;

	if (list->count)
		qsort(list->items, list->count, sizeof *list->items, compare);
	for (size_t i = 0; i < list->count; i++)
		if (!kept || !are_one(&list->items[kept - 1], &list->items[i]))
			list->items[kept++] = list->items[i];
	list->count = kept;
	add_fingerprints(list);
}

const char *finding_verdict_name(const struct finding *finding)
{
	static const char *const names[] = {"rewritten", "kept", "remark"};

	return names[finding->verdict];
}
