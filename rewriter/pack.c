/* pack.c - owns the form in which values stand in files of our own.
 *
 * A number is eight bytes in the machine's order: such files never leave the machine. A
 * string is its length and its bytes; NULL is a length of its own. Reading never leaves
 * the bytes that are there. Called by recall and evidence. */
#include "pack.h"

#include <string.h>

#include "pool.h"

enum { FIRST_ROOM = 4096 };

static const uint64_t no_string = UINT64_MAX;

static void append(struct pack *pack, const void *bytes, size_t length)
{
	if (pack->room - pack->length < length) {
		size_t room = pack->room ? 2 * pack->room : FIRST_ROOM;
		while (room - pack->length < length)
			room *= 2;
		char *larger = pool_alloc(pack->pool, room);
		if (pack->length)
			memcpy(larger, pack->bytes, pack->length);
		pack->bytes = larger;
		pack->room = room;
	}
	if (length)
		memcpy(pack->bytes + pack->length, bytes, length);
	pack->length += length;
}

void pack_number(struct pack *pack, uint64_t number)
{
	append(pack, &number, sizeof number);
}

void pack_bytes(struct pack *pack, const void *bytes, size_t length)
{
	pack_number(pack, length);
	append(pack, bytes, length);
}

void pack_string(struct pack *pack, const char *string)
{
	if (string)
		pack_bytes(pack, string, strlen(string));
	else
		pack_number(pack, no_string);
}

static size_t left(const struct unpack *unpack)
{
	return (size_t)(unpack->end - unpack->at);
}

uint64_t unpack_number(struct unpack *unpack)
{
	uint64_t number = 0;

	if (left(unpack) < sizeof number) {
		unpack->broken = true;
		return 0;
	}
	memcpy(&number, unpack->at, sizeof number);
	unpack->at += sizeof number;
	return number;
}

size_t unpack_count(struct unpack *unpack, size_t bytes)
{
	uint64_t count = unpack_number(unpack);

	if (count <= left(unpack) / bytes)
		return (size_t)count;
	unpack->broken = true;
	return 0;
}

char *unpack_bytes(struct unpack *unpack, size_t *length)
{
	size_t size = unpack_count(unpack, 1);
	char *bytes = pool_copy(unpack->pool, unpack->at, size);

	unpack->at += size;
	*length = size;
	return bytes;
}

char *unpack_string(struct unpack *unpack)
{
	struct unpack ahead = *unpack;
	size_t length;

	if (unpack_number(&ahead) != no_string || ahead.broken)
		return unpack_bytes(unpack, &length);
	*unpack = ahead;
	return NULL;
}
