/* document.c - owns the JSON form of a report, by json-c, and the merging of several.
 *
 * One form serves all: what a child process found out, what the wrapper leaves in
 * COHOOK_AUDIT, the report that a user reads, and the baseline of the next. A member that
 * would be empty is left out. */
#include "audit/document.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "audit/totals.h"
#include "audit/utf8.h"
#include "cohook_config.h"
#include "pool.h"

void document_init(struct document *document)
{
	*document = (struct document){.pool = pool_new()};
	document->findings.pool = document->pool;
}

void document_fini(struct document *document)
{
	pool_free(document->pool);
}

struct audited *document_add_unit(struct document *document)
{
	document->units = pool_grow(document->pool, document->units, document->nunits,
		sizeof *document->units);
	return &document->units[document->nunits++];
}

/* Reading. */

static const char *get_text(
	struct document *document, json_object *object, const char *name)
{
	json_object *member;

	if (!json_object_object_get_ex(object, name, &member) ||
		!json_object_is_type(member, json_type_string))
		return NULL;
	return pool_string(document->pool, json_object_get_string(member));
}

static unsigned get_number(json_object *object, const char *name)
{
	json_object *member;

	return json_object_object_get_ex(object, name, &member)
		       ? (unsigned)json_object_get_int64(member)
		       : 0;
}

static json_object *get_list(json_object *object, const char *name, size_t *count)
{
	json_object *member;

	*count = 0;
	if (!json_object_object_get_ex(object, name, &member) ||
		!json_object_is_type(member, json_type_array))
		return NULL;
	*count = json_object_array_length(member);
	return member;
}

static struct place get_place(
	struct document *document, json_object *object, const char *name)
{
	json_object *member;

	if (!json_object_object_get_ex(object, name, &member))
		return (struct place){0};
	return (struct place){get_text(document, member, "file"),
		get_number(member, "line"), get_number(member, "column")};
}

static enum finding_verdict verdict_of(const char *name)
{
	if (name && !strcmp(name, "rewritten"))
		return FINDING_REWRITTEN;
	return name && !strcmp(name, "kept") ? FINDING_KEPT : FINDING_REMARK;
}

static void read_related(struct document *document, json_object *object)
{
	size_t count;
	json_object *list = get_list(object, "related", &count);

	for (size_t i = 0; i < count; i++) {
		json_object *item = json_object_array_get_idx(list, i);
		finding_relate(&document->findings, get_place(document, item, "location"),
			get_text(document, item, "message"));
	}
}

static void read_finding(struct document *document, json_object *object)
{
	const char *name = get_text(document, object, "rule");
	enum rule_id rule = name ? rules_find(name, strlen(name)) : RULES;
	json_object *reason;

	if (rule == RULES)
		return; /* of a later version */
	struct finding *finding = finding_add(&document->findings, rule);
	finding->verdict = verdict_of(get_text(document, object, "verdict"));
	if (json_object_object_get_ex(object, "reason", &reason)) {
		finding->reason.word = get_text(document, reason, "id");
		finding->reason.text = get_text(document, reason, "text");
	}
	finding->spelled = get_place(document, object, "location");
	finding->used = get_place(document, object, "expansion");
	finding->function = get_text(document, object, "function");
	finding->callee = get_text(document, object, "callee");
	finding->waits = get_text(document, object, "waits");
	const char *use = get_text(document, object, "use");
	finding->is_address = use && !strcmp(use, "address");
	finding->message = get_text(document, object, "message");
	finding->suppressed = get_text(document, object, "suppressed");
	const char *by = get_text(document, object, "suppressedBy");
	finding->by_file = by && !strcmp(by, "file");
	const char *print = get_text(document, object, "fingerprint");
	strncpy(finding->fingerprint, print ? print : "", FINGERPRINT_LENGTH);
	read_related(document, object);
}

static void read_names(struct document *document, struct audited *unit, json_object *list)
{
	unit->defines =
		pool_alloc(document->pool, (unit->ndefines + 1) * sizeof *unit->defines);
	for (size_t i = 0; i < unit->ndefines; i++) {
		const char *name =
			json_object_get_string(json_object_array_get_idx(list, i));
		unit->defines[i] = pool_string(document->pool, name ? name : "");
	}
}

static void read_unit(struct document *document, json_object *object)
{
	struct audited *unit = document_add_unit(document);

	unit->file = get_text(document, object, "file");
	unit->directory = get_text(document, object, "directory");
	unit->trouble = get_text(document, object, "trouble");
	unit->stack_usage = get_text(document, object, "stackUsage");
	read_names(document, unit, get_list(object, "defines", &unit->ndefines));
	json_object *deadlines;
	unit->deadlines = json_object_object_get_ex(object, "deadlines", &deadlines) &&
			  json_object_get_boolean(deadlines);
}

static json_object *parse(const char *text, size_t length)
{
	json_tokener *tokener = json_tokener_new();
	json_object *whole = json_tokener_parse_ex(tokener, text, (int)length);

	json_tokener_free(tokener);
	return whole;
}

const char *document_read(struct document *document, const char *text, size_t length)
{
	json_object *whole = parse(text, length);
	size_t count;

	if (!whole)
		return "it is no JSON";
	if (get_number(whole, "cohookAudit") != DOCUMENT_VERSION) {
		json_object_put(whole);
		return "it is no report of this version of the audit";
	}
	const char *root = get_text(document, whole, "root");
	document->root = document->root ? document->root : root;
	json_object *list = get_list(whole, "units", &count);
	for (size_t i = 0; i < count; i++)
		read_unit(document, json_object_array_get_idx(list, i));
	list = get_list(whole, "findings", &count);
	for (size_t i = 0; i < count; i++)
		read_finding(document, json_object_array_get_idx(list, i));
	json_object_put(whole);
	return NULL;
}

/* Writing. */

static void put_text(json_object *object, const char *name, const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (copy)
		json_object_object_add(
			object, name, json_object_new_string(utf8_clean(copy)));
	free(copy);
}

static void put_number(json_object *object, const char *name, size_t number)
{
	json_object_object_add(object, name, json_object_new_int64((int64_t)number));
}

static void put_place(json_object *object, const char *name, const struct place *place)
{
	if (!place->file)
		return;
	json_object *made = json_object_new_object();
	put_text(made, "file", place->file);
	put_number(made, "line", place->line);
	put_number(made, "column", place->column);
	json_object_object_add(object, name, made);
}

static void put_reason(json_object *object, const struct finding *finding)
{
	if (!finding->reason.text)
		return;
	json_object *made = json_object_new_object();
	put_text(made, "id", finding->reason.word);
	put_text(made, "text", finding->reason.text);
	json_object_object_add(object, "reason", made);
}

static void put_related(json_object *object, const struct finding *finding)
{
	if (!finding->nrelated)
		return;
	json_object *list = json_object_new_array();
	for (size_t i = 0; i < finding->nrelated; i++) {
		json_object *made = json_object_new_object();
		put_place(made, "location", &finding->related[i].at);
		put_text(made, "message", finding->related[i].message);
		json_object_array_add(list, made);
	}
	json_object_object_add(object, "related", list);
}

static json_object *finding_object(const struct finding *finding)
{
	json_object *made = json_object_new_object();

	put_text(made, "rule", rules_at(finding->rule)->name);
	put_text(made, "verdict", finding_verdict_name(finding));
	put_reason(made, finding);
	put_place(made, "location", &finding->spelled);
	put_place(made, "expansion", &finding->used);
	put_text(made, "function", finding->function);
	put_text(made, "callee", finding->callee);
	put_text(made, "waits", finding->waits);
	put_text(made, "use", finding->is_address ? "address" : "call");
	put_text(made, "message", finding->message);
	put_related(made, finding);
	put_text(made, "suppressed", finding->suppressed);
	if (finding->suppressed)
		put_text(made, "suppressedBy", finding->by_file ? "file" : "comment");
	put_text(made, "baseline", finding->known ? "known" : NULL);
	if (*finding->fingerprint)
		put_text(made, "fingerprint", finding->fingerprint);
	return made;
}

static void put_names(
	json_object *object, const char *name, const char *const *names, size_t count)
{
	if (!count)
		return;
	json_object *list = json_object_new_array();
	for (size_t i = 0; i < count; i++)
		json_object_array_add(list, json_object_new_string(names[i]));
	json_object_object_add(object, name, list);
}

static json_object *unit_object(const struct audited *unit)
{
	json_object *made = json_object_new_object();

	put_text(made, "file", unit->file);
	put_text(made, "directory", unit->directory);
	put_text(made, "trouble", unit->trouble);
	put_text(made, "stackUsage", unit->stack_usage);
	put_names(made, "defines", unit->defines, unit->ndefines);
	if (unit->deadlines)
		json_object_object_add(made, "deadlines", json_object_new_boolean(true));
	return made;
}

static json_object *totals_object(const struct finding_list *list)
{
	struct totals totals = totals_of(list);
	json_object *made = json_object_new_object();
	json_object *rules = json_object_new_object();

	put_number(made, "sites", totals.sites);
	put_number(made, "suppressed", totals.suppressed);
	put_number(made, "known", totals.known);
	for (int id = 0; id < RULES; id++)
		if (totals.rules[id])
			put_number(rules, rules_at((enum rule_id)id)->name,
				totals.rules[id]);
	json_object_object_add(made, "rules", rules);
	return made;
}

static json_object *whole_object(const struct document *document)
{
	json_object *whole = json_object_new_object();
	json_object *units = json_object_new_array();
	json_object *findings = json_object_new_array();

	put_number(whole, "cohookAudit", DOCUMENT_VERSION);
	put_text(whole, "version", COHOOK_VERSION);
	put_text(whole, "root", document->root);
	for (size_t i = 0; i < document->nunits; i++)
		json_object_array_add(units, unit_object(&document->units[i]));
	for (size_t i = 0; i < document->findings.count; i++)
		json_object_array_add(
			findings, finding_object(&document->findings.items[i]));
	json_object_object_add(whole, "units", units);
	json_object_object_add(whole, "totals", totals_object(&document->findings));
	json_object_object_add(whole, "findings", findings);
	return whole;
}

void document_write(FILE *out, const struct document *document)
{
	json_object *whole = whole_object(document);

	fputs(json_object_to_json_string_ext(
		      whole, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE),
		out);
	putc('\n', out);
	json_object_put(whole);
}

/* Merging. */

static const char *below(const char *path, const char *root)
{
	size_t length = strlen(root);

	if (!path || strncmp(path, root, length) != 0 || path[length] != '/')
		return path;
	return path + length + 1;
}

static void relate_finding(struct finding *finding, const char *root)
{
	finding->spelled.file = below(finding->spelled.file, root);
	finding->used.file = below(finding->used.file, root);
	for (size_t i = 0; i < finding->nrelated; i++)
		finding->related[i].at.file = below(finding->related[i].at.file, root);
}

static int compare_texts(const char *x, const char *y)
{
	return strcmp(x ? x : "", y ? y : "");
}

static int compare_units(const void *a, const void *b)
{
	const struct audited *x = a, *y = b;
	int order = compare_texts(x->file, y->file);

	if (!order)
		order = compare_texts(x->directory, y->directory);
	if (!order)
		order = compare_texts(x->stack_usage, y->stack_usage);
	return order ? order : compare_texts(x->trouble, y->trouble);
}

static void sort_units(struct document *document)
{
	size_t kept = 0;

	if (document->nunits)
		qsort(document->units, document->nunits, sizeof *document->units,
			compare_units);
	for (size_t i = 0; i < document->nunits; i++)
		if (!kept ||
			compare_units(&document->units[kept - 1], &document->units[i]))
			document->units[kept++] = document->units[i];
	document->nunits = kept;
}

void document_relate(struct document *document, const char *root)
{
	document->root = root;
	for (size_t i = 0; i < document->nunits; i++)
		document->units[i].file = below(document->units[i].file, root);
	for (size_t i = 0; i < document->findings.count; i++)
		relate_finding(&document->findings.items[i], root);
	sort_units(document);
	finding_sort(&document->findings);
}
