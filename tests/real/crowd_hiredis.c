/* crowd_hiredis.c - hiredis's blocking calls; SERVER is the path of a socket. The call that hangs is BLPOP, and
 * INFO says how many clients are in one. */
#include "crowd.h"

#include <hiredis.h>

#include <stdlib.h>
#include <string.h>

/* The answer to a command, which must be of that type. */
static redisReply *expect(redisContext *context, redisReply *reply, int type)
{
	if (!reply)
		crowd_fail("redisCommand", context->errstr);
	if (reply->type != type)
		crowd_fail("an answer", reply->str ? reply->str : "of another type");
	return reply;
}

void *client_open(const char *server)
{
	redisContext *context = redisConnectUnix(server);

	if (!context || context->err)
		crowd_fail("redisConnectUnix", context ? context->errstr : "no memory");
	return context;
}

void client_close(void *client)
{
	redisFree(client);
}

void client_talk(void *client, unsigned number)
{
	char value[32768];
	redisReply *reply;

	memset(value, 'a' + (int)(number % 26), sizeof(value));
	reply = redisCommand(client, "SET key:%u %b", number, value, sizeof(value));
	freeReplyObject(expect(client, reply, REDIS_REPLY_STATUS));
	reply = expect(
		client, redisCommand(client, "GET key:%u", number), REDIS_REPLY_STRING);
	if (reply->len != sizeof(value) || memcmp(reply->str, value, sizeof(value)) != 0)
		crowd_fail("GET", "another value than was set");
	freeReplyObject(reply);
}

/* The gate is shut as long as nothing is pushed. */
void client_shut(void *client)
{
	(void)client;
}

void client_hang(void *client, unsigned number)
{
	redisReply *reply = redisCommand(client, "BLPOP gate 0");

	(void)number;
	expect(client, reply, REDIS_REPLY_ARRAY);
	if (reply->elements != 2 || strcmp(reply->element[1]->str, "pass") != 0)
		crowd_fail("BLPOP", "not what was pushed");
	freeReplyObject(reply);
}

unsigned client_hanging(void *client)
{
	static const char key[] = "blocked_clients:";
	redisReply *reply = redisCommand(client, "INFO clients");
	const char *at = strstr(expect(client, reply, REDIS_REPLY_STRING)->str, key);
	unsigned n = at ? (unsigned)atoi(at + sizeof(key) - 1) : 0;

	freeReplyObject(reply);
	return n;
}

void client_release(void *client, unsigned hanging)
{
	for (unsigned i = 0; i < hanging; i++)
		freeReplyObject(expect(client, redisCommand(client, "RPUSH gate pass"),
			REDIS_REPLY_INTEGER));
}
