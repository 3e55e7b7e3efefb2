/* nameserver.h - a name server of the test's own, on the loopback device.
 *
 * The first label of a name says what it answers:
 *
 *	host     an address
 *	many     more than fits into a hundred bytes
 *	late     the same as host, when the subject of the run is blocked
 *	stray    first an answer to somebody else, then host's
 *	cut      over UDP that the answer is too long; the answer over TCP
 *	none     that there is such a name, and nothing of that type
 *	fail     that it has failed
 *	refused  that it does not want to
 *	scrap    what is no answer at all
 *
 * and to any other that there is no such name. */
#ifndef HARNESS_NAMESERVER_H
#define HARNESS_NAMESERVER_H

#include "harness/peer.h"

#include <netinet/in.h>

struct nameserver {
	struct peer peer;
	int udp, tcp;
	struct sockaddr_in address;
	atomic_bool holds; /* it has "late" and waits for the subject */
	bool more_came;    /* another question, while the subject was waited for */
};

void nameserver_start(struct run *run, struct nameserver *server);
void nameserver_stop(struct nameserver *server);

/* A socket that takes no messages: who sends one learns that nobody is there. */
int nobody_there(struct run *run, struct sockaddr_in *address);

#endif
