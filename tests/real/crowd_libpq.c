/* crowd_libpq.c - libpq's blocking calls; SERVER is a connection string. The call that hangs is a query that waits
 * for an advisory lock. */
#include "crowd.h"

#include <libpq-fe.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GATE "4711"

static char *query(PGconn *connection, const char *text)
{
	PGresult *result = PQexec(connection, text);
	char *value;

	if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) < 1)
		crowd_fail(text, PQerrorMessage(connection));
	value = strdup(PQgetvalue(result, 0, 0));
	PQclear(result);
	return value;
}

void *client_open(const char *server)
{
	PGconn *connection = PQconnectdb(server);

	if (PQstatus(connection) != CONNECTION_OK)
		crowd_fail("PQconnectdb", PQerrorMessage(connection));
	return connection;
}

void client_close(void *client)
{
	PQfinish(client);
}

static unsigned number_of(PGconn *connection, const char *text)
{
	char *value = query(connection, text);
	unsigned number = (unsigned)atoi(value);

	free(value);
	return number;
}

/* A long answer, and parameters. */
void client_talk(void *client, unsigned number)
{
	char text[16];
	const char *values[] = {text};
	PGresult *result;

	snprintf(text, sizeof(text), "%u", number);
	result = PQexecParams(client,
		"SELECT i * $1::int FROM generate_series(1, 5000) AS i", 1, NULL, values,
		NULL, NULL, 0);
	if (PQntuples(result) != 5000)
		crowd_fail("PQexecParams", PQerrorMessage(client));
	for (int i = 0; i < 5000; i++)
		if ((unsigned)atoi(PQgetvalue(result, i, 0)) !=
			(unsigned)(i + 1) * number)
			crowd_fail("PQexecParams", "wrong rows");
	PQclear(result);
}

void client_shut(void *client)
{
	free(query(client, "SELECT pg_advisory_lock(" GATE ")"));
}

void client_hang(void *client, unsigned number)
{
	char text[80];

	snprintf(text, sizeof(text), "SELECT %u, pg_advisory_lock_shared(" GATE ")",
		number);
	if (number_of(client, text) != number)
		crowd_fail(text, "another number");
}

unsigned client_hanging(void *client)
{
	return number_of(client, "SELECT count(*) FROM pg_locks WHERE locktype = "
				 "'advisory' AND NOT granted");
}

void client_release(void *client, unsigned hanging)
{
	char *done = query(client, "SELECT pg_advisory_unlock(" GATE ")");

	(void)hanging;
	if (strcmp(done, "t") != 0)
		crowd_fail("pg_advisory_unlock", "was not held");
	free(done);
}
