/* load.c - the load generator: options, phases, report.
 *
 *	load [OPTION...] HOST PORT        HOST is a numeric IPv4 address
 *
 *	--connections N   open N connections (1)
 *	--active N        at most N of them have a request out at a time, in turn (all)
 *	--size BYTES      a request is BYTES bytes, the reply is the same bytes (64)
 *	--send TEXT       a request is TEXT, '@' in it a tag unlike any other
 *	--expect TEXT     the reply is exactly TEXT, '@' in it the request's tag
 *	--warmup SECONDS  before anything counts (0.5)
 *	--seconds S       how long to measure (2)
 *	--requests N      measure no longer than N requests last (no limit)
 *	--server PID      report the CPU time that process PID used meanwhile
 *	--pause           when all connections stand and are idle, wait for a line on stdin
 *	--progress        say now and then how far it is
 *
 * Each connection is opened, asks once and has its reply checked; then the warm-up, then
 * the measurement; what is out at its end is waited for and checked but not counted.
 * Output: JSON objects, one a line: {"progress": ..}, {"connected": ..}, {"result": ..}.
 * Exit status: 0, 1 if there was any error, 2 if there was nothing to measure. */
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum {
	OPENING = 64,     /* connections that wait for their first reply at a time */
	PATIENCE_S = 20,  /* without any event, while replies are due */
	ERRORS_MAX = 100, /* then it is no use going on */
	OTHER_FILES = 16, /* descriptors besides the connections */
	PROGRESS_NS = 200000000,
};

struct options {
	uint32_t connections, active;
	double warmup, seconds;
	uint64_t requests;
	size_t size;
	const char *send, *expect; /* both or none */
	pid_t server;              /* 0: none */
	int pause, progress;       /* flags of getopt_long */
};

struct sample {
	uint64_t now_ns, server_ns, own_ns;
};

struct outcome {
	struct sample from, to;
	uint64_t requests, p50_ns, p99_ns;
};

static struct options options = {
	.connections = 1,
	.warmup = 0.5,
	.seconds = 2,
	.requests = UINT64_MAX,
	.size = 64,
};

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("load: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(2);
}

static double number(const char *option, const char *text, double low, double high)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value >= low && value <= high))
		die("--%s %s: not a number from %.0f to %.0f", option, text, low, high);
	return value;
}

static clockid_t clock_of(pid_t pid)
{
	clockid_t clock;
	int err = clock_getcpuclockid(pid, &clock);

	if (err)
		die("--server %d: %s", (int)pid, strerror(err));
	return clock;
}

static uint64_t cpu_ns(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) < 0)
		die("the server has gone");
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static struct sample sample(void)
{
	return (struct sample){
		.now_ns = client_now(),
		.server_ns = options.server ? cpu_ns(clock_of(options.server)) : 0,
		.own_ns = cpu_ns(CLOCK_PROCESS_CPUTIME_ID),
	};
}

static void raise_limit(void)
{
	struct rlimit limit;
	rlim_t needed = options.connections + OTHER_FILES;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		die("getrlimit: %s", strerror(errno));
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		die("setrlimit: %s", strerror(errno));
	if (needed > limit.rlim_max)
		die("%u connections need %ju descriptors, the limit (ulimit -Hn) is %ju",
			options.connections, (uintmax_t)needed,
			(uintmax_t)limit.rlim_max);
}

/* True at most every PROGRESS_NS, and only if it was asked for. */
static bool progress_due(void)
{
	static uint64_t last;
	uint64_t now = client_now();

	if (!options.progress || now - last < PROGRESS_NS)
		return false;
	last = now;
	return true;
}

/* One turn; ends the program when the server no longer does its part. */
static void turn(struct client *c)
{
	static uint64_t last;
	int events = client_turn(c, 100);
	uint64_t now = client_now();

	if (events < 0)
		die("epoll_wait: %s", strerror(-events));
	if (events > 0 || last == 0)
		last = now;
	if (c->errors >= ERRORS_MAX)
		die("too many errors");
	if (now - last > PATIENCE_S * UINT64_C(1000000000))
		die("no reply for %d seconds, %u are due", PATIENCE_S, c->busy);
}

static void connect_all(struct client *c)
{
	c->stopping = true; /* one request each for now */
	for (uint32_t i = 0; i < options.connections; i++) {
		int err = client_open(c);

		if (err)
			die("connection %u: %s", i, strerror(-err));
		while (c->busy >= OPENING)
			turn(c);
		if (progress_due()) {
			printf("{\"progress\": {\"connected\": %u}}\n",
				c->open - c->busy);
			fflush(stdout);
		}
	}
	while (c->busy > 0)
		turn(c);
	printf("{\"connected\": %u}\n", c->open);
	fflush(stdout);
}

static void run_for(struct client *c, double seconds, uint64_t requests)
{
	uint64_t start = client_now(), end = start + (uint64_t)(seconds * 1e9), now;

	while ((now = client_now()) < end && c->replies < requests && c->open > 0) {
		turn(c);
		if (progress_due()) {
			printf("{\"progress\": {\"seconds\": %.2f, \"of\": %.2f}}\n",
				(double)(now - start) / 1e9, seconds);
			fflush(stdout);
		}
	}
}

static void report(const struct outcome *o, uint64_t errors)
{
	double seconds = (double)(o->to.now_ns - o->from.now_ns) / 1e9;

	printf("{\"result\": {\"requests\": %ju, \"seconds\": %.6f, \"errors\": %ju, "
	       "\"requests_per_second\": %.1f, \"p50_us\": %.2f, \"p99_us\": %.2f, "
	       "\"server_cpu_ns\": %ju, \"load_cpu_ns\": %ju}}\n",
		(uintmax_t)o->requests, seconds, (uintmax_t)errors,
		(double)o->requests / seconds, (double)o->p50_ns / 1e3,
		(double)o->p99_ns / 1e3, (uintmax_t)(o->to.server_ns - o->from.server_ns),
		(uintmax_t)(o->to.own_ns - o->from.own_ns));
	fflush(stdout);
}

static struct outcome measure(struct client *c)
{
	struct outcome o;

	c->stopping = false;
	client_ask(c, options.active);
	run_for(c, options.warmup, UINT64_MAX);
	memset(c->latency, 0, sizeof(*c->latency));
	c->replies = 0;
	o.from = sample();
	run_for(c, options.seconds, options.requests);
	o.to = sample();
	o.requests = c->replies;
	o.p50_ns = latency_percentile(c->latency, 50);
	o.p99_ns = latency_percentile(c->latency, 99);

	c->stopping = true;
	while (c->busy > 0)
		turn(c);
	return o;
}

enum { CONNECTIONS, ACTIVE, SIZE, SEND, EXPECT, WARMUP, SECONDS, REQUESTS, SERVER };
static const struct option table[] = {
	{"connections", required_argument, NULL, CONNECTIONS},
	{"active", required_argument, NULL, ACTIVE},
	{"size", required_argument, NULL, SIZE},
	{"send", required_argument, NULL, SEND},
	{"expect", required_argument, NULL, EXPECT},
	{"warmup", required_argument, NULL, WARMUP},
	{"seconds", required_argument, NULL, SECONDS},
	{"requests", required_argument, NULL, REQUESTS},
	{"server", required_argument, NULL, SERVER},
	{"pause", no_argument, &options.pause, 1},
	{"progress", no_argument, &options.progress, 1},
	{NULL, 0, NULL, 0},
};

static void parse_options(int argc, char **argv)
{
	int code, index;

	while ((code = getopt_long(argc, argv, "", table, &index)) != -1) {
		if (code == '?')
			exit(2);
		if (table[index].flag)
			continue;
		const char *name = table[index].name;

		switch (code) {
		case CONNECTIONS:
			options.connections = (uint32_t)number(name, optarg, 1, 1e6);
			break;
		case ACTIVE:
			options.active = (uint32_t)number(name, optarg, 1, 1e6);
			break;
		case SIZE:
			options.size =
				(size_t)number(name, optarg, TAG_LENGTH, MESSAGE_MAX);
			break;
		case SEND:
			options.send = optarg;
			break;
		case EXPECT:
			options.expect = optarg;
			break;
		case WARMUP:
			options.warmup = number(name, optarg, 0, 3600);
			break;
		case SECONDS:
			options.seconds = number(name, optarg, 0, 3600);
			break;
		case REQUESTS:
			options.requests = (uint64_t)number(name, optarg, 1, 1e15);
			break;
		case SERVER:
			options.server = (pid_t)number(name, optarg, 1, INT32_MAX);
			break;
		}
	}
}

static void set_message(struct message *m, const char *text)
{
	int err = text ? message_parse(m, text) : message_pattern(m, options.size);

	if (err)
		die("%s: %s", text ? text : "the pattern", strerror(-err));
}

static void set_address(struct sockaddr_in *a, const char *host, const char *port)
{
	a->sin_family = AF_INET;
	a->sin_port = htons((uint16_t)number("PORT", port, 1, 65535));
	if (inet_pton(AF_INET, host, &a->sin_addr) != 1)
		die("%s: not an IPv4 address", host);
}

static void wait_for_line(void)
{
	int c;

	while ((c = getchar()) != '\n')
		if (c == EOF)
			die("the end of stdin while waiting for the word to go on");
}

int main(int argc, char **argv)
{
	struct client client = {.open = 0};

	parse_options(argc, argv);
	if (argc - optind != 2)
		die("usage: load [OPTION...] HOST PORT");
	if (!options.send != !options.expect)
		die("--send and --expect go together");
	if (options.active == 0)
		options.active = options.connections;
	set_message(&client.request, options.send);
	set_message(&client.reply, options.expect);
	set_address(&client.server, argv[optind], argv[optind + 1]);
	client.capacity = options.connections;
	raise_limit();
	int err = client_init(&client);

	if (err)
		die("%s", strerror(-err));
	connect_all(&client);
	if (options.pause)
		wait_for_line();
	struct outcome outcome = measure(&client);

	report(&outcome, client.errors);
	err = client.errors ? 1 : outcome.requests ? 0 : 2;
	client_fini(&client);
	message_fini(&client.request);
	message_fini(&client.reply);
	return err;
}
