/* crowd_curl.c - libcurl's easy interface; SERVER is the address of serving.py's. The call that hangs is a
 * download of which the half has come. */
#include "crowd.h"

#include <curl/curl.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { URL = 256, TEXT = 100000 };

struct client {
	CURL *easy;
	const char *server;
	size_t size;
	char text[TEXT + 1];
};

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void begin(void)
{
	curl_global_init(CURL_GLOBAL_ALL);
}

static size_t take(char *data, size_t size, size_t n, void *arg)
{
	struct client *client = arg;

	(void)size; /* 1 */
	if (n > TEXT - client->size)
		return 0;
	memcpy(client->text + client->size, data, n);
	client->size += n;
	client->text[client->size] = '\0';
	return n;
}

void *client_open(const char *server)
{
	struct client *client = calloc(1, sizeof(*client));

	pthread_once(&once, begin);
	if (!client || !(client->easy = curl_easy_init()))
		crowd_fail("curl_easy_init", "no memory");
	client->server = server;
	curl_easy_setopt(client->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(client->easy, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(client->easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(client->easy, CURLOPT_WRITEDATA, client);
	return client;
}

void client_close(void *arg)
{
	struct client *client = arg;

	curl_easy_cleanup(client->easy);
	free(client);
}

static void get(struct client *client, const char *path)
{
	char url[URL];
	CURLcode code;

	snprintf(url, sizeof(url), "%s%s", client->server, path);
	client->size = 0;
	curl_easy_setopt(client->easy, CURLOPT_URL, url);
	code = curl_easy_perform(client->easy);
	if (code != CURLE_OK)
		crowd_fail(url, curl_easy_strerror(code));
}

/* All of it is the letter that is NUMBER's. */
static void get_letters(struct client *client, const char *how, unsigned number)
{
	char path[64], letter = (char)('a' + number % 26);

	snprintf(path, sizeof(path), "/%s/%c/%d", how, letter, TEXT);
	get(client, path);
	for (size_t i = 0; i < TEXT; i++)
		if (client->size != TEXT || client->text[i] != letter)
			crowd_fail(path, "not what was asked for");
}

void client_talk(void *arg, unsigned number)
{
	get_letters(arg, "whole", number);
}

void client_shut(void *client)
{
	get(client, "/shut");
}

void client_hang(void *arg, unsigned number)
{
	get_letters(arg, "halves", number);
}

unsigned client_hanging(void *arg)
{
	struct client *client = arg;

	get(client, "/waiting");
	return (unsigned)atoi(client->text);
}

void client_release(void *client, unsigned hanging)
{
	(void)hanging;
	get(client, "/release");
}
