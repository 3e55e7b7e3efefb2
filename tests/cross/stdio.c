/* stdio.c - streams over pipes, a socket and a file, used by threads in turns; what it prints is the same with
 * the mirrors and without, whatever C library it is built with. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINES = 300 };

static FILE *from, *to;
static long wrote, flushed, closed; /* by the thread that writes */

static void open_streams(int socket, const char *in, const char *out)
{
	int fds[2];

	if (socket ? socketpair(AF_UNIX, SOCK_STREAM, 0, fds) : pipe(fds)) {
		perror("pair");
		exit(1);
	}
	from = fdopen(fds[0], in);
	to = fdopen(fds[1], out);
}

static void *write_lines(void *arg)
{
	(void)arg;
	for (int i = 0; i < LINES; i++) {
		fprintf(to, "%d %s %.3f\n", i, i % 3 ? "odd" : "third", i / 7.0);
		if (i % 10 == 0)
			fflush(to);
	}
	fputs("the last has no end", to);
	closed = fclose(to);
	return arg;
}

static void read_lines(void)
{
	char *line = NULL, small[8];
	size_t room = 0;
	int n = 0, number, c;
	float third;

	for (; n < LINES / 3; n++)
		if (getline(&line, &room, from) < 0)
			printf("getline %d\n", errno);
	printf("getline: %s", line);
	for (; n < 2 * LINES / 3; n++)
		if (fscanf(from, "%d %7s %f\n", &number, small, &third) != 3)
			puts("fscanf");
	printf("fscanf: %d %s %.3f\n", number, small, third);
	for (number = 0; n < LINES; n += strchr(small, '\n') != NULL, number++)
		if (!fgets(small, sizeof(small), from))
			puts("fgets");
	printf("fgets: %d pieces, %s", number, small);
	c = fgetc(from);
	printf("fgetc %c, ungetc %c\n", c, ungetc('T', from));
	n = (int)getline(&line, &room, from);
	printf("getline %d: %s\n", n, line);
	c = fgetc(from);
	printf("at the end: %d %d, %d\n", feof(from) != 0, ferror(from) != 0, c);
	fclose(from);
	free(line);
}

static void lines(int socket, int buffering)
{
	pthread_t writer;

	open_streams(socket, "r", "w");
	setvbuf(to, NULL, buffering, BUFSIZ);
	pthread_create(&writer, NULL, write_lines, NULL);
	read_lines();
	pthread_join(writer, NULL);
	printf("fclose %ld\n", closed);
}

/* More than fits anywhere at once. */
static void *write_block(void *arg)
{
	static char block[300000];

	memset(block, 'x', sizeof(block));
	wrote = (long)fwrite(block, 3, sizeof(block) / 3, to);
	flushed = fflush(to);
	fclose(to);
	return arg;
}

static void blocks(void)
{
	static char block[400000];
	pthread_t writer;

	open_streams(0, "r", "w");
	pthread_create(&writer, NULL, write_block, NULL);
	printf("fread %zu\n", fread(block, 1, 100001, from));
	printf("fread %zu\n", fread(block, 7, 40000, from));
	printf("end %d, error %d\n", feof(from) != 0, ferror(from) != 0);
	pthread_join(writer, NULL);
	printf("fwrite %ld, fflush %ld\n", wrote, flushed);
	fclose(from);
}

static void a_file(void)
{
	char text[64] = "";
	FILE *file = tmpfile();
	int n = 0;

	fprintf(file, "%s %d\n", "a line", 1);
	fprintf(file, "%05d|%-5s|%x\n", 42, "ab", 255);
	printf("ftell %ld\n", ftell(file));
	rewind(file);
	n = fscanf(file, "a %63s", text);
	printf("fscanf %d, %s\n", n, text);
	fseek(file, -3, SEEK_END);
	printf("fgets %s", fgets(text, sizeof(text), file));
	fseek(file, 0, SEEK_SET);
	fputc('A', file);
	rewind(file);
	printf("fgets %s", fgets(text, sizeof(text), file));
	fclose(file);
}

static void errors(void)
{
	FILE *file = fopen("/nonexistent/file", "r");
	char text[4];
	int c;

	printf("fopen %d %s\n", file != NULL, strerror(errno));
	open_streams(1, "r", "w");
	c = fputc('x', from);
	printf("fputc %d, error %d\n", c, ferror(from) != 0);
	clearerr(from);
	c = fgets(text, 4, to) != NULL;
	printf("fgets %d, error %d\n", c, ferror(to) != 0);
	fclose(from);
	fclose(to);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	lines(0, _IOFBF);
	lines(1, _IOLBF);
	lines(1, _IONBF);
	blocks();
	a_file();
	errors();
	return 0;
}
