/* config.c - owns what the lines of a .cohook file mean.
 *
 * The last line that matches decides. What none matches is as if there were no file,
 * unless the first line of its kind says what is wanted (include, hook): then the rest is
 * not. A text is accepted as a whole or refused at the first line that is not understood.
 * Pure; configfile finds the file, plan and prefilter ask the rules. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "pool.h"
#include "reason.h"

enum section { SECTION_NONE, FILES, FUNCTIONS, THREADS, MAPPINGS, SECTIONS };

static const struct {
	const char *name, *first, *second; /* no keys: those of [mappings] are names */
} sections[] = {
	[FILES] = {"files", "include", "exclude"},
	[FUNCTIONS] = {"functions", "hook", "leave"},
	[THREADS] = {"threads", "fiber", "os"},
	[MAPPINGS] = {"mappings", NULL, NULL},
};

struct parser {
	struct config *config;
	enum section section;
	unsigned line;
	const char *trouble; /* of the first line that is not understood */
};

static void refuse(struct parser *p, unsigned line, const char *what)
{
	if (!p->trouble)
		p->trouble = pool_printf(
			p->config->pool, "%s:%u: %s", p->config->path, line, what);
}

static char *skip_blanks(char *text)
{
	return text + strspn(text, " \t\r");
}

static bool is_identifier(const char *word)
{
	if (!isalpha((unsigned char)*word) && *word != '_')
		return false;
	while (isalnum((unsigned char)*word) || *word == '_')
		word++;
	return !*word;
}

/* The next word of *REST, which moves behind it; quotes, which may enclose a word, are
 * taken off. NULL at the end and on trouble. */
static const char *next_word(struct parser *p, char **rest)
{
	char *word = skip_blanks(*rest), *end;

	if (*word == '"') {
		end = strchr(++word, '"');
		if (!end || !strchr(" \t\r", end[1])) {
			refuse(p, p->line,
				"a quoted word must end in a quote and a blank");
			return NULL;
		}
	} else {
		end = word + strcspn(word, " \t\r");
		if (end == word)
			return NULL;
	}
	*rest = end + (*end != 0);
	*end = 0;
	return word;
}

static struct rules *rules_of(struct parser *p)
{
	switch (p->section) {
	case FILES:
		return &p->config->files;
	case FUNCTIONS:
		return &p->config->functions;
	default:
		return &p->config->threads;
	}
}

/* Patterns of files are compared with paths that have been tidied. */
static bool is_tidy(const char *path)
{
	for (; path; path = strchr(path, '/')) {
		path += *path == '/';
		size_t length = strcspn(path, "/");
		if ((length == 1 && *path == '.') ||
			(length == 2 && !strncmp(path, "..", 2)))
			return false;
	}
	return true;
}

static void add_rule(struct parser *p, struct rules *rules, const char *word, bool first)
{
	size_t length = strlen(word);

	if (p->section != FUNCTIONS && !is_tidy(word)) {
		refuse(p, p->line, "a pattern may not contain . or .. as a folder");
		return;
	}
	while (length > 1 && word[length - 1] == '/')
		length--;
	rules->list = pool_grow(
		p->config->pool, rules->list, rules->count, sizeof *rules->list);
	rules->list[rules->count++] =
		(struct rule){pool_copy(p->config->pool, word, length), p->line, first};
}

static void read_rules(struct parser *p, const char *key, char *value)
{
	struct pool *pool = p->config->pool;
	const char *first = sections[p->section].first;
	const char *second = sections[p->section].second, *word;
	struct rules *rules = rules_of(p);
	size_t before = rules->count;

	if (strcmp(key, first) != 0 && strcmp(key, second) != 0) {
		refuse(p, p->line,
			pool_printf(pool, "unknown key '%s'; [%s] has %s and %s", key,
				sections[p->section].name, first, second));
		return;
	}
	while ((word = next_word(p, &value)))
		add_rule(p, rules, word, !strcmp(key, first));
	if (rules->count == before)
		refuse(p, p->line,
			pool_printf(pool, "'%s' needs at least one %s", key,
				p->section == FUNCTIONS ? "name" : "path or pattern"));
}

static const struct mapping *find_mapping(
	const struct config *config, const char *name, size_t length)
{
	for (size_t i = 0; i < config->nmappings; i++) {
		const char *other = config->mappings[i].row.name;
		if (!strncmp(other, name, length) && !other[length])
			return &config->mappings[i];
	}
	return NULL;
}

/* "header" or <header>, as an #include has it. */
static const char *include_operand(struct parser *p, const char *word)
{
	size_t length = strlen(word);
	bool angled = *word == '<' && length > 2 && word[length - 1] == '>';

	if (!length || strpbrk(angled ? word + 1 : word, "<\"\\") ||
		(!angled && strchr(word, '>'))) {
		refuse(p, p->line, "the header must be \"NAME\" or <NAME>");
		return NULL;
	}
	return angled ? pool_string(p->config->pool, word)
		      : pool_printf(p->config->pool, "\"%s\"", word);
}

static bool is_sound(struct parser *p, const char *name, const char *target)
{
	struct pool *pool = p->config->pool;
	const char *what = NULL;
	const struct mapping *known = find_mapping(p->config, name, strlen(name));

	if (!is_identifier(name))
		what = pool_printf(pool, "'%s' is no name of a function", name);
	else if (!target || !is_identifier(target))
		what = "expected FUNCTION = REPLACEMENT [HEADER]";
	else if (!strcmp(name, target))
		what = pool_printf(pool, "'%s' is mapped to itself", name);
	else if (known)
		what = pool_printf(
			pool, "'%s' is mapped already, on line %u", name, known->line);
	if (what)
		refuse(p, p->line, what);
	return !what;
}

static void read_mapping(struct parser *p, const char *name, char *value)
{
	struct config *config = p->config;
	const char *target = next_word(p, &value);
	const char *header = next_word(p, &value);

	if (!is_sound(p, name, target))
		return;
	if (header)
		header = include_operand(p, header);
	if (next_word(p, &value))
		refuse(p, p->line, "expected FUNCTION = REPLACEMENT [HEADER]");
	config->mappings = pool_grow(config->pool, config->mappings, config->nmappings,
		sizeof *config->mappings);
	config->mappings[config->nmappings++] =
		(struct mapping){.row = {.name = pool_string(config->pool, name),
					 .target = pool_string(config->pool, target),
					 .waits = "MAPPED",
					 .header = header,
					 .kind = HOOK_MAPPED},
			.line = p->line};
}

static void read_section(struct parser *p, char *line)
{
	char *end = strchr(line, ']');
	size_t length = end ? (size_t)(end - line) - 1 : 0;

	p->section = SECTION_NONE;
	for (enum section i = FILES; end && !*skip_blanks(end + 1) && i < SECTIONS; i++) {
		if (strlen(sections[i].name) == length &&
			!strncmp(sections[i].name, line + 1, length))
			p->section = i;
	}
	if (p->section == SECTION_NONE)
		refuse(p, p->line,
			pool_printf(p->config->pool,
				"unknown section %s; there are [files], [functions], "
				"[threads] and [mappings]",
				line));
}

/* The end of LINE without a comment, which begins with a # that no word holds. */
static char *end_of_content(char *line)
{
	bool quoted = false;
	char *c = line;

	for (; *c; c++) {
		quoted ^= *c == '"';
		if (*c == '#' && !quoted && (c == line || strchr(" \t", c[-1])))
			break;
	}
	while (c > line && strchr(" \t\r", c[-1]))
		c--;
	return c;
}

static void read_line(struct parser *p, char *line)
{
	*end_of_content(line) = 0;
	line = skip_blanks(line);
	char *equals = strchr(line, '='), *key_end = equals;

	if (!*line)
		return;
	if (*line == '[') {
		read_section(p, line);
		return;
	}
	while (equals && key_end > line && strchr(" \t", key_end[-1]))
		key_end--;
	if (!equals || key_end == line) {
		refuse(p, p->line, "expected [SECTION], KEY = VALUE or # and a comment");
		return;
	}
	*key_end = 0;
	if (p->section == SECTION_NONE)
		refuse(p, p->line,
			pool_printf(p->config->pool,
				"'%s' stands in no section; there are [files], "
				"[functions], [threads] and [mappings]",
				line));
	else if (p->section == MAPPINGS)
		read_mapping(p, line, equals + 1);
	else
		read_rules(p, line, equals + 1);
}

/* For fnmatch(3), FNM_LEADING_DIR: what names a folder names all that is in it. */
static bool matches(const struct rule *rule, const char *subject)
{
	return subject && !fnmatch(rule->pattern, subject, FNM_LEADING_DIR);
}

static bool matches_row(const struct rule *rule, const struct hook *row)
{
	return matches(rule, row->name) ||
	       (row->kind != HOOK_MAPPED && matches(rule, row->target));
}

static const struct hook *row_at(const struct config *config, size_t i)
{
	return i < config->nmappings ? &config->mappings[i].row
				     : hooks_at(i - config->nmappings);
}

/* A name that names nothing is a mistake, and so is the wish for what cannot be had. */
static void check_function(struct parser *p, const struct rule *rule)
{
	const struct hook *row, *named = NULL;
	bool usable = false;

	for (size_t i = 0; (row = row_at(p->config, i)); i++) {
		if (!matches_row(rule, row))
			continue;
		named = row;
		usable |= row->kind != HOOK_WATCH;
	}
	if (!named)
		refuse(p, rule->line,
			pool_printf(p->config->pool,
				"'%s' names no hooked function; cohook hooks lists them",
				rule->pattern));
	else if (rule->first && !usable)
		refuse(p, rule->line,
			pool_printf(p->config->pool, "'%s' cannot be hooked: %s",
				rule->pattern, named->why->reason));
}

int config_parse(
	struct config *config, const char *text, size_t length, const char **trouble)
{
	struct parser p = {.config = config};
	char *line = pool_copy(config->pool, text, length), *end = line + length;

	if (memchr(text, 0, length))
		refuse(&p, 1, "this is no text: it has a byte 0");
	while (line < end && !p.trouble) {
		char *newline = strchrnul(line, '\n');
		*newline = 0;
		p.line++;
		read_line(&p, line);
		line = newline + 1;
	}
	for (size_t i = 0; !p.trouble && i < config->functions.count; i++)
		check_function(&p, &config->functions.list[i]);
	if (!p.trouble)
		return 0;
	*trouble = p.trouble;
	return -EINVAL;
}

/* PATH below the folder of the file, NULL if it is not in there. */
static const char *relative(const struct config *config, const char *path)
{
	size_t length = strlen(config->folder);

	while (length && config->folder[length - 1] == '/')
		length--;
	if (strncmp(path, config->folder, length) != 0 || path[length] != '/')
		return NULL;
	return path + length + 1;
}

/* The last rule for PATH; patterns that begin with a slash mean the whole of it. */
static const struct rule *rule_of_path(
	const struct config *config, const struct rules *rules, const char *path)
{
	const char *inside = relative(config, path);

	for (size_t i = rules->count; i-- > 0;) {
		const struct rule *rule = &rules->list[i];
		if (matches(rule, *rule->pattern == '/' ? path : inside))
			return rule;
	}
	return NULL;
}

/* The reason to keep something for which RULE, or none, is the last one. TEXTS: what
 * to say when a rule is against it, and when no rule is for it. */
static const char *reason(const struct config *config, struct pool *pool,
	const struct rules *rules, const struct rule *rule,
	const enum reason_text texts[2])
{
	bool wanted = rule ? rule->first : !rules->count || !rules->list->first;

	if (wanted)
		return NULL;
	return reason_make(
		pool, texts[!rule], config->path, rule ? rule->line : rules->list->line)
		.text;
}

const char *config_keeps_file(
	const struct config *config, struct pool *pool, const char *path)
{
	static const enum reason_text texts[] = {
		TEXT_FILE_EXCLUDED, TEXT_FILE_NOT_INCLUDED};

	if (!config)
		return NULL;
	return reason(config, pool, &config->files,
		rule_of_path(config, &config->files, path), texts);
}

const char *config_keeps_function(
	const struct config *config, struct pool *pool, const struct hook *row)
{
	static const enum reason_text texts[] = {
		TEXT_FUNCTION_LEFT, TEXT_FUNCTION_NOT_HOOKED};
	const struct rule *rule = NULL;

	if (!config)
		return NULL;
	for (size_t i = config->functions.count; i-- > 0 && !rule;) {
		if (matches_row(&config->functions.list[i], row))
			rule = &config->functions.list[i];
	}
	if (!rule && row->kind == HOOK_MAPPED)
		return NULL;
	return reason(config, pool, &config->functions, rule, texts);
}

unsigned config_threads(
	const struct config *config, const char *path, enum threads_mode *mode)
{
	const struct rule *rule =
		config ? rule_of_path(config, &config->threads, path) : NULL;

	if (!rule)
		return 0;
	*mode = rule->first ? THREADS_FIBER : THREADS_OS;
	return rule->line;
}

const struct hook *config_hook(
	const struct config *config, const char *name, size_t length)
{
	const struct mapping *mapping =
		config && config->nmappings ? find_mapping(config, name, length) : NULL;

	return mapping ? &mapping->row : hooks_find(name, length);
}
