/* gethostbyname.c - gethostbyname(3) through libc and through its mirror. */
#include "harness/hosts.h"
#include "harness/scenario.h"

static struct hostent *find(struct run *run, const char *name, int family, size_t size)
{
	struct hostent *entry;

	(void)family;
	(void)size;
	entry = enter(run)->gethostbyname(name);
	result(run, "found", entry ? 1 : 0);
	return entry;
}

int main(void)
{
	static const struct hosts verb = {.find = find};

	hosts_add(&verb);
	return suite_run("gethostbyname");
}
