/* crowd.h - many calls of one client library at the same time, each of a thread that it blocks.
 *
 * crowd.c is the program; the functions here are another file for each library. They end the program with
 * crowd_fail() when something is not as it should be. A client is used by one thread at a time. */
#ifndef REAL_CROWD_H
#define REAL_CROWD_H

/* Connected to SERVER, in whatever words the library has for it. */
void *client_open(const char *server);
void client_close(void *client);

/* Ordinary calls, no two threads with the same NUMBER; answers are checked. */
void client_talk(void *client, unsigned number);

/* Before the first client_hang(), for whoever is to count and release: CLIENT shuts the gate. */
void client_shut(void *client);

/* One call that the server answers after the gate was opened. */
void client_hang(void *client, unsigned number);

/* How many of those calls wait, by the server's own account. */
unsigned client_hanging(void *client);

/* All HANGING of them are answered. */
void client_release(void *client, unsigned hanging);

_Noreturn void crowd_fail(const char *what, const char *why);

#endif
