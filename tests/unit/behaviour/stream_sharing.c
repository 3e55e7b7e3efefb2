/* stream_sharing.c - one FILE for several fibers and threads: each call is whole, each
 * user has its turn, and whoever is gone leaves nothing locked. Compared with threads
 * where those promise it. */
#include "harness/mate.h"
#include "harness/peer.h"
#include "harness/scenario.h"
#include "harness/stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CROWD = 8, LINES = 40, LENGTH = 100 };

struct user {
	struct mate mate;
	FILE *fp;
	char letter;
	int lines, bad;
};

static void start(struct run *run, struct user *user, void (*act)(struct mate *),
	FILE *fp, int sort)
{
	user->mate = (struct mate){.act = act, .arg = user, .sort = sort};
	user->fp = fp;
	mate_start(run, &user->mate);
}

/* A line of one letter, how often it may be. */
static bool is_whole(const char *line)
{
	size_t n = strlen(line), i;

	if (n < 2 || line[n - 1] != '\n')
		return false;
	for (i = 0; i < n - 1; i++)
		if (line[i] != line[0])
			return false;
	return true;
}

static void read_lines(struct mate *mate)
{
	struct user *user = mate->arg;
	char line[LENGTH + 2];

	while (mate->calls->fgets(line, sizeof(line), user->fp)) {
		user->lines++;
		user->bad += !is_whole(line);
	}
}

/* In pieces that have nothing to do with the lines. */
static void peer_writes_lines(struct peer *peer)
{
	char *text = malloc(peer->size * (LENGTH + 1)), *end = text, *at;
	size_t i, portion = 1;

	for (i = 0; i < peer->size; i++) {
		size_t n = 1 + i * 7 % (LENGTH - 1);

		memset(end, 'a' + (int)(i % 26), n);
		end[n] = '\n';
		end += n + 1;
	}
	for (at = text; at < end; at += portion) {
		struct peer part = *peer;

		portion = portion * 7 % 509;
		if (portion > (size_t)(end - at))
			portion = (size_t)(end - at);
		part.data = at;
		part.size = portion;
		peer_writes(&part);
	}
	free(text);
	peer_closes(peer);
}

static void readers_get_whole_lines(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);
	struct peer peer = {.act = peer_writes_lines,
		.fd = pair.theirs,
		.size = LINES * CROWD,
		.at_once = true};
	struct user users[CROWD] = {0};
	int i, lines = 0, bad = 0;

	peer_start(run, &peer);
	for (i = 0; i < CROWD; i++)
		start(run, &users[i], read_lines, fp, i % 2 ? OWN : run->kind);
	for (i = 0; i < CROWD; i++) {
		mate_join(&users[i].mate);
		lines += users[i].lines;
		bad += users[i].bad;
	}
	peer_join(&peer);
	note(run, "lines %d, not whole %d", lines, bad);
	stream_close(run, fp);
}

static void write_lines(struct mate *mate)
{
	struct user *user = mate->arg;
	char word[LENGTH + 1];
	int i;

	for (i = 0; i < LINES; i++) {
		size_t n = 1 + (size_t)i * 7 % (LENGTH - 1);

		memset(word, user->letter, n);
		word[n] = '\0';
		user->bad += mate->calls->fprintf(user->fp, "%s\n", word) != (int)n + 1;
	}
	user->bad += mate->calls->fflush(user->fp) != 0;
}

static void writers_put_whole_lines(struct run *run, int how)
{
	struct pair pair = pair_open(run, PIPE, FROM_ME);
	FILE *out = stream_over(run, pair.mine, "w"),
	     *in = stream_over(run, pair.theirs, "r");
	struct user users[CROWD] = {0}, reader = {.lines = 0};
	int i, bad = 0;

	setvbuf(out, NULL, how, 0);
	narrow(run, &pair);
	for (i = 0; i < CROWD; i++) {
		users[i].letter = (char)('a' + i);
		start(run, &users[i], write_lines, out, i % 2 ? OWN : run->kind);
	}
	start(run, &reader, read_lines, in, OWN);
	for (i = 0; i < CROWD; i++) {
		mate_join(&users[i].mate);
		bad += users[i].bad;
	}
	stream_close(run, out);
	mate_join(&reader.mate);
	note(run, "failed %d, lines %d, not whole %d", bad, reader.lines, reader.bad);
	check(run, fclose(in) == 0);
}

static void writers_with_a_buffer(struct run *run)
{
	writers_put_whole_lines(run, _IOFBF);
}

static void writers_without_a_buffer(struct run *run)
{
	writers_put_whole_lines(run, _IONBF);
}

static void read_lines_one_by_one(struct mate *mate)
{
	struct user *user = mate->arg;
	char line[LENGTH];

	while (mate_leave(
		mate, mate_enter(mate)->fgets(line, sizeof(line), user->fp) != NULL))
		user->lines++;
}

/* A line for whoever has the stream, each time when both wait. */
static void peer_feeds_both(struct peer *peer)
{
	struct user *users = peer->arg;
	int i;

	for (i = 0; i < LINES; i++) {
		mate_blocked(&users[0].mate);
		mate_blocked(&users[1].mate);
		peer->data = "a\n";
		peer->size = 2;
		peer_writes(peer);
	}
	peer_closes(peer);
}

/* Two that read in a loop take turns: who waits longest comes first. */
static void each_has_its_turn(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);
	struct user users[2] = {0};
	struct peer peer = {
		.act = peer_feeds_both, .fd = pair.theirs, .arg = users, .at_once = true};

	start(run, &users[0], read_lines_one_by_one, fp, OWN);
	start(run, &users[1], read_lines_one_by_one, fp, OWN);
	peer_start(run, &peer);
	mate_join(&users[0].mate);
	mate_join(&users[1].mate);
	peer_join(&peer);
	check(run, abs(users[0].lines - users[1].lines) <= 2);
	note(run, "lines %d", users[0].lines + users[1].lines);
	stream_close(run, fp);
}

static void read_one_line(struct mate *mate)
{
	struct user *user = mate->arg;
	char line[LENGTH];

	user->lines = mate_leave(
		mate, mate_enter(mate)->fgets(line, sizeof(line), user->fp) != NULL);
}

/* Its handlers run, libc's lock among them. */
static void cancelled_reader(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);
	struct user first = {.lines = 0}, second = {.lines = 0};
	void *value = NULL;

	start(run, &first, read_one_line, fp, OWN);
	check(run, mate_blocked(&first.mate));
	start(run, &second, read_one_line, fp, OWN);
	check(run, mate_blocked(&second.mate));
	check(run, run->calls->pthread_cancel(first.mate.thread) == 0);
	check(run, run->calls->pthread_join(first.mate.thread, &value) == 0);
	check(run, value == PTHREAD_CANCELED);
	check(run, write(pair.theirs, "a line\n", 7) == 7);
	mate_join(&second.mate);
	note(run, "second %d", second.lines);
	stream_close(run, fp);
}

static void scan_one(struct mate *mate)
{
	struct user *user = mate->arg;

	user->lines = (int)mate_leave(
		mate, mate_enter(mate)->fscanf(user->fp, "%d", &user->bad));
}

static void cancelled_scanner(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);
	struct user user = {.lines = 0};
	char line[LENGTH];
	void *value = NULL;

	pair_put(run, &pair, "12");
	start(run, &user, scan_one, fp, OWN);
	check(run, mate_blocked(&user.mate));
	check(run, run->calls->pthread_cancel(user.mate.thread) == 0);
	check(run, run->calls->pthread_join(user.mate.thread, &value) == 0);
	check(run, value == PTHREAD_CANCELED);
	pair_put(run, &pair, "34\n");
	check(run, run->calls->fgets(line, sizeof(line), fp) == line);
	note(run, "%s", line);
	stream_close(run, fp);
}

/* libc has the streams of those that wait in scanf in a list, which is the thread's. */
static void end_beside_scanners(struct run *run)
{
	struct pair pairs[3];
	FILE *fps[3];
	struct user users[3] = {0};
	void *value = NULL;
	int i;

	for (i = 0; i < 3; i++) {
		fps[i] = stream_open(run, PIPE, "r", &pairs[i]);
		start(run, &users[i], i ? scan_one : read_one_line, fps[i], OWN);
		check(run, mate_blocked(&users[i].mate));
	}
	for (i = 1; i < 3; i++) {
		check(run, write(pairs[i].theirs, "12 ", 3) == 3);
		mate_join(&users[i].mate);
		note(run, "scanned %d: %d", users[i].lines, users[i].bad);
	}
	check(run, run->calls->pthread_cancel(users[0].mate.thread) == 0);
	check(run, run->calls->pthread_join(users[0].mate.thread, &value) == 0);
	check(run, value == PTHREAD_CANCELED);
	for (i = 0; i < 3; i++)
		stream_close(run, fps[i]);
}

/* A stream of cookies whose functions wait, as those of the program may. */
static ssize_t take_from_descriptor(void *cookie, const char *buf, size_t size)
{
	struct user *user = cookie;

	return user->mate.calls->write(user->lines, buf, size);
}

static void print_to_cookie(struct mate *mate)
{
	struct user *user = mate->arg;

	user->bad = (int)mate_leave(mate,
		mate_enter(mate)->fprintf(user->fp, "%s %d\n", "a text", user->letter));
}

static void cookies_that_wait(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, FROM_ME);
	struct user users[3] = {0};
	char buf[8192] = "";
	ssize_t n = 1;
	int i;

	narrow(run, &pair);
	fill_up(run, &pair);
	users[0].lines = pair.mine;
	users[0].fp = fopencookie(
		&users[0], "w", (cookie_io_functions_t){.write = take_from_descriptor});
	setvbuf(users[0].fp, NULL, _IONBF, 0);
	for (i = 0; i < 3; i++) {
		users[i].letter = (char)i;
		start(run, &users[i], print_to_cookie, users[0].fp, OWN);
		check(run, mate_blocked(&users[i].mate));
	}
	while (n > 0 && buf[n - 1] != '\n')
		n = run->calls->read(pair.theirs, buf, sizeof(buf));
	for (i = 0; i < 3; i++) {
		mate_join(&users[i].mate);
		note(run, "printed %d", users[i].bad);
	}
	check(run, fclose(users[0].fp) == 0);
}

/* What a fiber of the parent has is nobody's in the child. */
static void fork_while_one_reads(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);
	struct user user = {.lines = 0};
	int status = -1;
	pid_t child;

	start(run, &user, read_one_line, fp, OWN);
	check(run, mate_blocked(&user.mate));
	child = fork();
	if (child == 0) {
		alarm(5);
		_exit(run->calls->ftrylockfile(fp) != 0 ||
			run->calls->ungetc('x', fp) != 'x' ||
			run->calls->getc(fp) != 'x');
	}
	check(run, waitpid(child, &status, 0) == child);
	check(run, write(pair.theirs, "a line\n", 7) == 7);
	mate_join(&user.mate);
	note(run, "child %d, parent read %d", status, user.lines);
	stream_close(run, fp);
}

/* --- a server of lines -------------------------------------------------------------------------------- */

enum { CLIENTS = 60, QUESTIONS = 20 };

struct conversation {
	struct mate server, client;
	int fds[2];
	long answered;
};

/* Both ends are programs of the simplest sort. */
static void serve(struct mate *mate)
{
	struct conversation *c = mate->arg;
	FILE *in = fdopen(c->fds[0], "r"), *out = fdopen(dup(c->fds[0]), "w");
	char *line = NULL;
	size_t room = 0;
	int a, b;

	while (mate->calls->getline(&line, &room, in) > 0) {
		if (sscanf(line, "add %d %d", &a, &b) == 2)
			mate->calls->fprintf(out, "%d\n", a + b);
		else
			mate->calls->fputs("what?\n", out);
		mate->calls->fflush(out);
	}
	free(line);
	mate->calls->fclose(in);
	mate->calls->fclose(out);
}

static void ask(struct mate *mate)
{
	struct conversation *c = mate->arg;
	FILE *in = fdopen(c->fds[1], "r"), *out = fdopen(dup(c->fds[1]), "w");
	int i, sum;

	setvbuf(out, NULL, _IOLBF, 0);
	for (i = 0; i < QUESTIONS; i++) {
		mate->calls->fprintf(out, "add %d %d\n", i, i);
		if (mate->calls->fscanf(in, "%d", &sum) != 1 || sum != 2 * i)
			break;
		c->answered++;
	}
	mate->calls->fputs("hm\n", out);
	c->answered += mate->calls->fgetc(in) == '\n' && mate->calls->fgetc(in) == 'w';
	mate->calls->fclose(out);
	mate->calls->shutdown(c->fds[1], SHUT_WR);
	mate->calls->fclose(in);
}

static void many_conversations(struct run *run)
{
	static struct conversation all[CLIENTS];
	long answered = 0;
	int i;

	for (i = 0; i < CLIENTS; i++) {
		struct conversation *c = &all[i];

		*c = (struct conversation){.server = {.act = serve, .arg = c},
			.client = {.act = ask, .arg = c}};
		check(run, run->calls->socketpair(AF_UNIX, SOCK_STREAM, 0, c->fds) == 0);
		mate_start(run, &c->server);
		mate_start(run, &c->client);
	}
	for (i = 0; i < CLIENTS; i++) {
		mate_join(&all[i].client);
		mate_join(&all[i].server);
		answered += all[i].answered;
	}
	note(run, "answered %ld", answered);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("readers get whole lines", readers_get_whole_lines),
		FOR_ALL_SORTS("writers put whole lines", writers_with_a_buffer),
		FOR_ALL_SORTS(
			"writers put whole lines, unbuffered", writers_without_a_buffer),
		{"each has its turn", each_has_its_turn, 0, MODES_MIRROR},
		{"cancelled reader", cancelled_reader},
		{"cancelled scanner", cancelled_scanner},
		{"end beside scanners", end_beside_scanners},
		{"cookies that wait", cookies_that_wait},
		{"fork while one reads", fork_while_one_reads},
		{"many conversations", many_conversations},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("stream_sharing");
}
