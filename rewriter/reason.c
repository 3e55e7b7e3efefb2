/* reason.c - owns the table of reasons.
 *
 * Called by whatever gives a verdict: the plan, the configuration, the rules of the
 * audit. */
#include "reason.h"

#include <stdarg.h>

#include "pool.h"

static const struct {
	const char *word, *help;
} reasons[] = {
#define REASON(id, word, help) [REASON_##id] = {word, help},
#include "reasons.def"
};

static const struct {
	enum reason_id reason;
	const char *format;
} texts[] = {
#define TEXT(id, reason, text) [TEXT_##id] = {REASON_##reason, text},
#include "reasons.def"
};

struct reason reason_make(struct pool *pool, enum reason_text text, ...)
{
	struct reason reason = {.word = reasons[texts[text].reason].word};
	va_list args;

	va_start(args, text);
	reason.text = pool_vprintf(pool, texts[text].format, args);
	va_end(args);
	return reason;
}

struct reason reason_plain(enum reason_text text)
{
	return (struct reason){reasons[texts[text].reason].word, texts[text].format};
}

const char *reason_word(enum reason_id id)
{
	return reasons[id].word;
}

const char *reason_help(enum reason_id id)
{
	return reasons[id].help;
}
