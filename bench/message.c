/* message.c - requests and expected replies, so that every byte that comes back can be
 * checked.
 *
 * Both are fixed texts but for a tag of connection and request number: a reply that
 * belongs to another connection or to an earlier request differs from the expected one.
 * The load generator stamps one shared copy just before it sends or compares. */
#include "message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char zeros[TAG_LENGTH + 1] = "000000000000";

static int unescape(char c)
{
	switch (c) {
	case 'r':
		return '\r';
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case '\\':
	case '@':
		return c;
	default:
		return -1;
	}
}

static void append(struct message *m, const char *bytes, size_t length)
{
	memcpy(m->bytes + m->length, bytes, length);
	m->length += length;
}

static int parse(struct message *m, const char *text)
{
	size_t hole = SIZE_MAX;

	for (const char *p = text; *p; p++) {
		if (*p == '@') {
			if (hole != SIZE_MAX)
				return -EINVAL;
			hole = m->length;
			append(m, zeros, TAG_LENGTH);
			continue;
		}
		int c = *p == '\\' ? unescape(*++p) : (unsigned char)*p;

		if (c < 0)
			return -EINVAL;
		append(m, &(char){(char)c}, 1);
	}
	m->hole = hole == SIZE_MAX ? m->length : hole;
	return m->length ? 0 : -EINVAL;
}

int message_parse(struct message *m, const char *text)
{
	struct message new = {.length = 0};

	if (strlen(text) > MESSAGE_MAX)
		return -E2BIG;
	new.bytes = malloc(strlen(text) + TAG_LENGTH);
	if (!new.bytes)
		return -ENOMEM;
	int err = parse(&new, text);

	if (err) {
		free(new.bytes);
		return err;
	}
	*m = new;
	return 0;
}

int message_pattern(struct message *m, size_t length)
{
	if (length < TAG_LENGTH)
		return -EINVAL;
	if (length > MESSAGE_MAX)
		return -E2BIG;
	m->bytes = malloc(length);
	if (!m->bytes)
		return -ENOMEM;
	for (size_t i = 0; i < length; i++)
		m->bytes[i] = (char)(i * 7 + i / 251);
	m->length = length;
	m->hole = 0;
	return 0;
}

void message_stamp(struct message *m, uint32_t connection, uint32_t number)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t tag = (uint64_t)connection << 28 | (number & 0xfffffff);

	if (m->hole == m->length)
		return;
	for (int i = TAG_LENGTH; i-- > 0; tag >>= 4)
		m->bytes[m->hole + (size_t)i] = digits[tag & 15];
}

void message_fini(struct message *m)
{
	free(m->bytes);
}
