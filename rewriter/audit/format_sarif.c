/* format_sarif.c - a report as SARIF 2.1.0, for the places that show such files.
 *
 * What is as it should be is a result of kind "pass", a verdict that is kept one of kind
 * "fail". Files below the root are named relative to it; what the user has suppressed and
 * what the baseline knows is said with SARIF's own means. */
#include <json-c/json.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "audit/format.h"
#include "audit/utf8.h"
#include "cohook_config.h"
#include "pool.h"

static json_object *object(void)
{
	return json_object_new_object();
}

static void put(json_object *to, const char *name, json_object *value)
{
	json_object_object_add(to, name, value);
}

static void put_text(json_object *to, const char *name, const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (copy)
		put(to, name, json_object_new_string(utf8_clean(copy)));
	free(copy);
}

static json_object *message(const char *text)
{
	json_object *made = object();

	put_text(made, "text", text);
	return made;
}

/* A path as an URI reference. */
static const char *uri_of(struct pool *pool, const char *path)
{
	char *text = pool_alloc(pool, 3 * strlen(path) + 8), *to = text;

	if (*path == '/')
		to = stpcpy(to, "file://");
	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;
		if (c < 128 && (isalnum(c) || strchr("/._-~+,@", c)))
			*to++ = (char)c;
		else
			to += sprintf(to, "%%%02X", c);
	}
	return text;
}

static json_object *physical(struct pool *pool, const struct place *place)
{
	json_object *made = object(), *artifact = object(), *region = object();

	put_text(artifact, "uri", uri_of(pool, place->file));
	if (*place->file != '/')
		put_text(artifact, "uriBaseId", "SRCROOT");
	put(made, "artifactLocation", artifact);
	if (place->line) {
		put(region, "startLine", json_object_new_int64(place->line));
		if (place->column)
			put(region, "startColumn", json_object_new_int64(place->column));
		put(made, "region", region);
	} else {
		json_object_put(region);
	}
	return made;
}

static json_object *location(struct pool *pool, const struct place *place,
	const char *function, const char *text)
{
	json_object *made = object();

	put(made, "physicalLocation", physical(pool, place));
	if (function) {
		json_object *logical = object(), *list = json_object_new_array();
		put_text(logical, "name", function);
		put_text(logical, "kind", "function");
		json_object_array_add(list, logical);
		put(made, "logicalLocations", list);
	}
	if (text)
		put(made, "message", message(text));
	return made;
}

static const char *level_name(enum rule_level level)
{
	static const char *const names[] = {"none", "note", "warning"};

	return names[level];
}

static json_object *rule_object(enum rule_id id)
{
	const struct rule *rule = rules_at(id);
	json_object *made = object(), *configuration = object();

	put_text(made, "id", rule->name);
	put_text(made, "name", rule->name);
	put(made, "shortDescription", message(rule->summary));
	put(made, "fullDescription", message(rule->help));
	put(made, "help", message(rule->help));
	put_text(configuration, "level", level_name(rule->level));
	put(made, "defaultConfiguration", configuration);
	return made;
}

static json_object *tool_object(void)
{
	json_object *made = object(), *driver = object(),
		    *rules = json_object_new_array();

	put_text(driver, "name", "cohook");
	put_text(driver, "version", COHOOK_VERSION);
	for (int id = 0; id < RULES; id++)
		json_object_array_add(rules, rule_object((enum rule_id)id));
	put(driver, "rules", rules);
	put(made, "driver", driver);
	return made;
}

static json_object *related(struct pool *pool, const struct finding *finding)
{
	json_object *list = json_object_new_array();

	if (finding->used.file)
		json_object_array_add(list, location(pool, &finding->spelled, NULL,
						    "the macro that it is written in"));
	for (size_t i = 0; i < finding->nrelated; i++)
		json_object_array_add(list, location(pool, &finding->related[i].at, NULL,
						    finding->related[i].message));
	return list;
}

static json_object *suppressions(const struct finding *finding)
{
	json_object *list = json_object_new_array(), *made = object();

	put_text(made, "kind", finding->by_file ? "external" : "inSource");
	put_text(made, "status", "accepted");
	put_text(made, "justification", finding->suppressed);
	json_object_array_add(list, made);
	return list;
}

static json_object *properties(const struct finding *finding)
{
	json_object *made = object();

	put_text(made, "verdict", finding_verdict_name(finding));
	put_text(made, "reason", finding->reason.word);
	put_text(made, "callee", finding->callee);
	put_text(made, "waits", finding->waits);
	put_text(made, "use", finding->is_address ? "address" : "call");
	return made;
}

static json_object *result_object(
	struct pool *pool, const struct document *document, const struct finding *finding)
{
	const struct rule *rule = rules_at(finding->rule);
	const struct place *place =
		finding->used.file ? &finding->used : &finding->spelled;
	json_object *made = object(), *locations = json_object_new_array(),
		    *prints = object();

	put_text(made, "ruleId", rule->name);
	put(made, "ruleIndex", json_object_new_int(finding->rule));
	put_text(made, "kind", rule->level == LEVEL_NONE ? "pass" : "fail");
	put_text(made, "level", level_name(rule->level));
	put(made, "message", message(finding->message));
	json_object_array_add(locations, location(pool, place, finding->function, NULL));
	put(made, "locations", locations);
	if (finding->nrelated || finding->used.file)
		put(made, "relatedLocations", related(pool, finding));
	put_text(prints, "cohookFinding/v1", finding->fingerprint);
	put(made, "partialFingerprints", prints);
	if (finding->suppressed)
		put(made, "suppressions", suppressions(finding));
	if (document->compared)
		put_text(made, "baselineState", finding->known ? "unchanged" : "new");
	put(made, "properties", properties(finding));
	return made;
}

/* Units that could not be read are told as the schema has it: by the run. */
static json_object *invocation(struct pool *pool, const struct document *document)
{
	json_object *made = object(), *notes = json_object_new_array();
	bool all = true;

	for (size_t i = 0; i < document->nunits; i++) {
		const struct audited *unit = &document->units[i];
		if (!unit->trouble)
			continue;
		json_object *note = object();
		put_text(note, "level", "error");
		put(note, "message",
			message(pool_printf(pool, "%s: %s", unit->file, unit->trouble)));
		json_object_array_add(notes, note);
		all = false;
	}
	put(made, "executionSuccessful", json_object_new_boolean(all));
	put(made, "toolExecutionNotifications", notes);
	return made;
}

static json_object *run_object(struct pool *pool, const struct document *document)
{
	json_object *run = object(), *results = json_object_new_array(),
		    *invocations = json_object_new_array(), *bases = object(),
		    *root = object();

	put(run, "tool", tool_object());
	json_object_array_add(invocations, invocation(pool, document));
	put(run, "invocations", invocations);
	put_text(root, "uri", pool_printf(pool, "%s/", uri_of(pool, document->root)));
	put(bases, "SRCROOT", root);
	put(run, "originalUriBaseIds", bases);
	put_text(run, "columnKind", "utf16CodeUnits");
	for (size_t i = 0; i < document->findings.count; i++)
		json_object_array_add(results,
			result_object(pool, document, &document->findings.items[i]));
	put(run, "results", results);
	return run;
}

void format_sarif(FILE *out, const struct document *document)
{
	struct pool *pool = pool_new();
	json_object *log = object(), *runs = json_object_new_array();

	put_text(log, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	put_text(log, "version", "2.1.0");
	json_object_array_add(runs, run_object(pool, document));
	put(log, "runs", runs);
	fputs(json_object_to_json_string_ext(
		      log, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE),
		out);
	putc('\n', out);
	json_object_put(log);
	pool_free(pool);
}
