/* account - keep one balance for all who ask, by lines of text: the oldest way to write a
 * server, with stdio on both sides of each connection.
 *
 *	account PORT [CONNECTIONS]
 *
 *	add NUMBER NUMBER ...    add them to the balance
 *	balance                  tell it
 *	history                  tell every change
 *
 * With CONNECTIONS it takes that many, and ends when the last of them has ended. What was
 * done is written to stdout, by all threads. */
#include "net.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
	pthread_mutex_t lock;
	long balance;
	FILE *history; /* on disk, unlinked; written under the lock */
} account = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void add(long amount)
{
	pthread_mutex_lock(&account.lock);
	account.balance += amount;
	fseek(account.history, 0, SEEK_END);
	fprintf(account.history, "%+ld makes %ld\n", amount, account.balance);
	pthread_mutex_unlock(&account.lock);
}

/* The numbers of the line, as many as come before its end. */
static void add_all(FILE *in, FILE *out)
{
	long amount;
	int n = 0, end;

	while ((end = getc(in)) != '\n' && end != EOF) {
		ungetc(end, in);
		if (fscanf(in, "%ld", &amount) != 1)
			break;
		add(amount);
		n++;
		fscanf(in, "%*[ \r]");
	}
	fprintf(out, "added %d\n", n);
	printf("added %d\n", n);
}

static void tell_balance(FILE *out)
{
	pthread_mutex_lock(&account.lock);
	fprintf(out, "balance %ld\n", account.balance);
	pthread_mutex_unlock(&account.lock);
}

static void tell_history(FILE *out)
{
	char line[100];
	long n = 0;

	pthread_mutex_lock(&account.lock);
	rewind(account.history);
	while (fgets(line, sizeof(line), account.history)) {
		fputs(line, out);
		n++;
	}
	pthread_mutex_unlock(&account.lock);
	fprintf(out, "that was all of %ld\n", n);
}

static void serve_streams(FILE *in, FILE *out)
{
	char word[20];

	while (fscanf(in, "%19s", word) == 1) {
		if (strcmp(word, "add") == 0)
			add_all(in, out);
		else if (strcmp(word, "balance") == 0)
			tell_balance(out);
		else if (strcmp(word, "history") == 0)
			tell_history(out);
		else
			fprintf(out, "what is '%s'?\n", word);
		if (fflush(out) != 0)
			break;
	}
}

static void *serve(void *argument)
{
	int fd = (int)(intptr_t)argument;
	FILE *in = fdopen(fd, "r"), *out = fdopen(dup(fd), "w");

	if (in && out)
		serve_streams(in, out);
	else
		perror("account: fdopen");
	if (out)
		fclose(out);
	if (in)
		fclose(in);
	return NULL;
}

static int start(int fd)
{
	pthread_t thread;
	int err = pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd);

	if (err) {
		fprintf(stderr, "account: no thread for a connection: %s\n",
			strerror(err));
		close(fd);
		return -1;
	}
	return pthread_detach(thread);
}

int main(int argc, char **argv)
{
	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: account PORT [CONNECTIONS]\n");
		return 2;
	}
	long left = argc == 3 ? net_number(argv[2], 1, LONG_MAX) : -1;

	account.history = tmpfile();
	if (!account.history) {
		perror("account: tmpfile");
		return 1;
	}
	signal(SIGPIPE, SIG_IGN); /* a peer that leaves early is an error of fflush */
	int listener = net_listen(argv[1]);

	for (; left != 0; left -= left > 0) {
		int fd = net_accept(listener);

		if (fd < 0 || start(fd) < 0) {
			perror("account: accept");
			return 1;
		}
	}
	close(listener);
	pthread_exit(NULL); /* main is done, the connections are not */
}
