/* hooks.c - owns the table that hooks.def describes, as data.
 *
 * A name occurs once in it. Searched once per identifier by the prefilter, so lookups go
 * through a hash index, which is built by the first of them. */
#include "hooks.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
#define WHY(key, subject, reason) WHY_##key,
#include "cohook/hooks.def"
};

static const struct why whys[] = {
#define WHY(key, subject, reason) {subject, reason},
#include "cohook/hooks.def"
};

#define MIRROR_ROW(name, waits, header) {#name, #name, #waits, header, NULL, HOOK_MIRROR},
#define WATCH_ROW(name, waits, key) \
	{#name, #name, #waits, NULL, &whys[WHY_##key], HOOK_WATCH},

/* Whether printf and what else writes to stdout by itself is rewritten. The other choice,
 * which spares many units a parse, is WATCH_ROW and a WHY of it (stdout seldom waits). */
#define CONSOLE_ROW(name, waits, header) MIRROR_ROW(name, waits, header)

/* The class of an alias is its target's; build() fills it in. */
static struct hook rows[] = {
#define HOOK(name, waits, header) MIRROR_ROW(name, waits, header)
#define CONSOLE(name, waits, header) CONSOLE_ROW(name, waits, header)
#include "cohook/hooks.def"
#define ALIAS(alias, name) {#alias, #name, NULL, NULL, NULL, HOOK_ALIAS},
#include "cohook/hooks.def"
#define WATCH(name, waits, key) WATCH_ROW(name, waits, key)
#include "cohook/hooks.def"
};

static const struct fortify fortified[] = {
#define FORTIFY(name, chk, ret, params, args, object, bytes) \
	{#name, #chk, #ret, #params, #args, #object, #bytes},
#include "cohook/hooks.def"
};

static const struct format formats[] = {
#define FORMAT(name, chk, takes, params, args) {#name, #chk, #takes, #params, #args},
#include "cohook/hooks.def"
};

static const struct modeless modeless[] = {
#define MODELESS(name, chk, params, args) {#name, #chk, #params, #args},
#include "cohook/hooks.def"
};

enum { ROWS = sizeof rows / sizeof *rows, SLOTS = 1024 };
_Static_assert(2 * ROWS < SLOTS, "the index would get slow");

static struct {
	bool built;
	unsigned short slots[SLOTS]; /* row + 1, 0 is free */
} table;

static unsigned hash(const char *name, size_t length)
{
	unsigned h = (unsigned)length;

	for (size_t i = 0; i < length; i++)
		h = h * 31 + (unsigned char)name[i];
	return h % SLOTS;
}

static const struct hook *find(const char *name, size_t length)
{
	for (unsigned i = hash(name, length); table.slots[i]; i = (i + 1) % SLOTS) {
		const struct hook *row = &rows[table.slots[i] - 1];
		if (!strncmp(row->name, name, length) && !row->name[length])
			return row;
	}
	return NULL;
}

static void build(void)
{
	for (unsigned row = 0; row < ROWS; row++) {
		unsigned i = hash(rows[row].name, strlen(rows[row].name));
		while (table.slots[i])
			i = (i + 1) % SLOTS;
		table.slots[i] = (unsigned short)(row + 1);
	}
	for (struct hook *row = rows; row < rows + ROWS; row++) {
		if (row->kind == HOOK_ALIAS)
			row->waits = find(row->target, strlen(row->target))->waits;
	}
	table.built = true;
}

const struct hook *hooks_find(const char *name, size_t length)
{
	if (!table.built)
		build();
	return find(name, length);
}

const struct hook *hooks_at(size_t index)
{
	if (!table.built)
		build();
	return index < ROWS ? &rows[index] : NULL;
}

/* FNV-1a of what a row says to the rewriter. */
static uint64_t digest(uint64_t sum, const char *text)
{
	for (;; text++) {
		sum = (sum ^ (unsigned char)*text) * 0x100000001b3;
		if (!*text)
			return sum;
	}
}

const char *hooks_version(void)
{
	static char version[17];
	uint64_t sum = 0xcbf29ce484222325;
	const struct hook *row;

	for (size_t i = 0; (row = hooks_at(i)); i++) {
		sum = digest(sum, row->name);
		sum = digest(sum, row->kind == HOOK_WATCH ? "" : row->target);
		sum = digest(sum, row->waits);
	}
	snprintf(version, sizeof version, "%016" PRIx64, sum);
	return version;
}

const struct fortify *hooks_fortify(const char *name)
{
	for (size_t i = 0; i < sizeof fortified / sizeof *fortified; i++) {
		if (!strcmp(fortified[i].name, name))
			return &fortified[i];
	}
	return NULL;
}

const struct format *hooks_format(const char *name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	}
	return NULL;
}

const struct modeless *hooks_modeless(const char *name)
{
	for (size_t i = 0; i < sizeof modeless / sizeof *modeless; i++) {
		if (!strcmp(modeless[i].name, name))
			return &modeless[i];
	}
	return NULL;
}
