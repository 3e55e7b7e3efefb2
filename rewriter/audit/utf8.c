/* utf8.c - owns the question what is UTF-8, as RFC 3629 has it. Called by the formats. */
#include "audit/utf8.h"

#include <stdbool.h>
#include <stddef.h>

static bool is_tail(unsigned char c)
{
	return (c & 0xC0) == 0x80;
}

/* The second byte also tells forms that are too long, surrogates, and what is too large.
 */
static bool is_second(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xE0:
		return second >= 0xA0 && second <= 0xBF;
	case 0xED:
		return second >= 0x80 && second <= 0x9F;
	case 0xF0:
		return second >= 0x90 && second <= 0xBF;
	case 0xF4:
		return second >= 0x80 && second <= 0x8F;
	default:
		return is_tail(second);
	}
}

/* The length of the character at TEXT, 0 if there is none. */
static size_t character(const unsigned char *text)
{
	size_t length = *text < 0x80                     ? 1
			: *text >= 0xC2 && *text <= 0xDF ? 2
			: *text >= 0xE0 && *text <= 0xEF ? 3
			: *text >= 0xF0 && *text <= 0xF4 ? 4
							 : 0;

	for (size_t i = 1; i < length; i++)
		if (i == 1 ? !is_second(*text, text[1]) : !is_tail(text[i]))
			return 0;
	return length;
}

char *utf8_clean(char *text)
{
	for (char *at = text; *at;) {
		size_t length = character((const unsigned char *)at);
		if (!length)
			*at = '?';
		at += length ? length : 1;
	}
	return text;
}
