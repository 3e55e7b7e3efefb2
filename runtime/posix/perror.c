/* perror.c - perror, psignal: libc's texts by the mirrors of stdio.
 *
 * perror(3) must not decide whether stderr is a stream of bytes or of wide characters:
 * while nobody has, it writes to another stream over a copy of the descriptor, as libc
 * does. Wide streams are libc's. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../sched.h"

#include <errno.h>
#include <string.h>
#include <wchar.h>

enum { TEXT_SIZE = 1024 };

static bool is_libc_s(void)
{
	return !co__self() || fwide(stderr, 0) > 0;
}

static void print(FILE *fp, const char *s, const char *text)
{
	const bool named = s && *s;

	co_fprintf(fp, "%s%s%s\n", named ? s : "", named ? ": " : "", text);
}

/* NULL if stderr itself is to be written to. */
static FILE *open_copy(void)
{
	int copy = fwide(stderr, 0) == 0 ? co_dup(fileno(stderr)) : -1;
	FILE *fp = copy < 0 ? NULL : fdopen(copy, "w+");

	if (copy >= 0 && !fp)
		co_close(copy);
	return fp;
}

void co_perror(const char *s)
{
	char room[TEXT_SIZE];
	const char *text = strerror_r(errno, room, sizeof(room));
	FILE *fp;

	if (is_libc_s()) {
		perror(s);
		return;
	}
	fp = open_copy();
	print(fp ? fp : stderr, s, text);
	if (fp)
		co_fclose(fp);
}

/* For what has no name psignal(3) has other words than strsignal(3). */
void co_psignal(int signo, const char *s)
{
	if (is_libc_s() || !sigdescr_np(signo))
		psignal(signo, s);
	else
		print(stderr, s, strsignal(signo));
}
