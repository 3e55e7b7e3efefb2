/* closedir.c - closedir(3) through libc and through its mirror. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

static void a_folder(struct run *run)
{
	int fd = run->calls->open("/", O_RDONLY | O_DIRECTORY);
	DIR *folder = fdopendir(fd);
	char byte;

	check(run, folder != NULL && readdir(folder) != NULL);
	result(run, "read", enter(run)->read(fd, &byte, 1));
	result(run, "closedir", enter(run)->closedir(folder));
	took_no_wait(run);
	result(run, "read", enter(run)->read(fd, &byte, 1));
}

/* By code that tells us nothing: what the folder was must be forgotten. */
static void its_number_is_used_again(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	int fd = run->calls->open("/", O_RDONLY | O_DIRECTORY);
	DIR *folder = fdopendir(fd);
	char buf[16];

	result(run, "read", enter(run)->read(fd, buf, 1));
	result(run, "closedir", enter(run)->closedir(folder));
	check(run, keep_foreign(run, dup2(pair.mine, fd)) == fd);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(fd, buf, sizeof(buf)));
	peer_join(&peer);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"a folder", a_folder},
		{"its number is used again (tcp)", its_number_is_used_again, TCP},
		{"its number is used again (pipe)", its_number_is_used_again, PIPE},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("closedir");
}
