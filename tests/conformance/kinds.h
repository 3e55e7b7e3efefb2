/* kinds.h - sets of the kinds of pairs (harness/pair.h), and their names. */
#ifndef CONFORMANCE_KINDS_H
#define CONFORMANCE_KINDS_H

#include "harness/pair.h"

enum {
	KINDS_END = PTY + 1,
	INET_STREAMS = 1 << TCP | 1 << TCP6,
	STREAM_SOCKETS = INET_STREAMS | 1 << UNIX_STREAM,
	LOCAL_PACKETS = 1 << UNIX_DGRAM | 1 << UNIX_SEQPACKET,
	PACKETS = LOCAL_PACKETS | 1 << UDP,
	SOCKETS = STREAM_SOCKETS | PACKETS,
	PIPES = 1 << PIPE | 1 << FIFO,
	TERMINALS = 1 << PTY,
	STREAMS = STREAM_SOCKETS | PIPES | TERMINALS,
	/* One kind of TCP is enough for most calls. */
	USUAL_STREAM_SOCKETS = STREAM_SOCKETS & ~(1 << TCP6),
	USUAL_SOCKETS = SOCKETS & ~(1 << TCP6),
	USUAL_STREAMS = STREAMS & ~(1 << TCP6),
	ALL_KINDS = SOCKETS | PIPES | TERMINALS,
	USUAL_KINDS = ALL_KINDS & ~(1 << TCP6),
};

static inline const char *kind_name(int kind)
{
	static const char *const names[KINDS_END] = {[TCP] = "tcp",
		[TCP6] = "tcp6",
		[UDP] = "udp",
		[UNIX_STREAM] = "unix stream",
		[UNIX_DGRAM] = "unix dgram",
		[UNIX_SEQPACKET] = "unix seqpacket",
		[PIPE] = "pipe",
		[FIFO] = "fifo",
		[PTY] = "pty"};

	return names[kind];
}

#endif
