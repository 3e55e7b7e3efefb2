/* gethostbyname2.c - gethostbyname2(3) through libc and through its mirror. */
#include "harness/hosts.h"
#include "harness/scenario.h"

static struct hostent *find(struct run *run, const char *name, int family, size_t size)
{
	struct hostent *entry;

	(void)size;
	entry = enter(run)->gethostbyname2(name, family);
	result(run, "found", entry ? 1 : 0);
	return entry;
}

int main(void)
{
	static const struct hosts verb = {.find = find, .any_family = true};

	hosts_add(&verb);
	return suite_run("gethostbyname2");
}
