/* formatting.c - scenarios that every call of the printf family must pass, on streams that
 * wait and with formats that fit the buffer, do not, and fail. */
#include "harness/formatting.h"
#include "harness/scenario.h"

#include <errno.h>
#include <unistd.h>
#include <wchar.h>

static void print(struct run *run, FILE *fp, const char *format, const char *text,
	int number, void *last)
{
	const struct formatting *verb = run->verb;
	FILE *before = stdout;

	if (verb->writing.on_stdout)
		stdout = fp;
	verb->print(run, fp, format, text, number, last);
	stdout = before;
	note_stream(run, fp);
}

static void print_everything(struct run *run, FILE *fp)
{
	wchar_t wide[] = {L'a', 0x20ac, 0};
	int count = -1;

	print(run, fp, "%s %d %p\n", "text", 42, NULL);
	print(run, fp, "%-9s|%+05d%n\n", "left", 7, &count);
	note(run, "count %d", count);
	print(run, fp, "%3$s %2$d %1$s\n", "first", 2, (void *)"third");
	errno = ENOENT;
	print(run, fp, "%s %d: %m\n", "why", 1, NULL);
	print(run, fp, "%s %d no euro: %ls|\n", "here", 1, wide);
	print(run, fp, "%1$s %2$d %3$s\n", some_text(5000), 3, (void *)"behind it");
	print(run, fp, "%5000s %d\n", "", 4, NULL);
}

static void formats(struct run *run, int how)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "w", &pair);

	check(run, setvbuf(fp, NULL, how, 0) == 0);
	print_everything(run, fp);
	note_arrived(run, pair.theirs);
	stream_close(run, fp);
	note_arrived(run, pair.theirs);
}

static void fully_buffered(struct run *run)
{
	formats(run, _IOFBF);
}

static void line_buffered(struct run *run)
{
	formats(run, _IOLBF);
}

static void unbuffered(struct run *run)
{
	formats(run, _IONBF);
}

static void on_disk(struct run *run)
{
	FILE *fp = stream_on_disk(run, "r+", "", 0);
	static char buf[20000];

	print_everything(run, fp);
	check(run, fflush(fp) == 0);
	note_bytes(run, "content", buf, pread(fileno(fp), buf, sizeof(buf), 0));
	check(run, fclose(fp) == 0);
}

static const struct scenario scenarios[] = {
	{"formats, fully buffered (pipe)", fully_buffered, PIPE},
	{"formats, fully buffered (unix stream)", fully_buffered, UNIX_STREAM},
	{"formats, line-buffered (pipe)", line_buffered, PIPE},
	{"formats, unbuffered (pipe)", unbuffered, PIPE},
	{"formats, on disk", on_disk},
};

void formatting_add(const struct formatting *verb)
{
	writing_add(&verb->writing);
	suite_add(scenarios, COUNT(scenarios), verb);
}
