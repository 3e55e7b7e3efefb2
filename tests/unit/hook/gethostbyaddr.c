/* gethostbyaddr.c - gethostbyaddr(3) through libc and through its mirror. */
#include "harness/hosts.h"
#include "harness/scenario.h"

static struct hostent *find(struct run *run, const char *name, int family, size_t size)
{
	struct hostent *entry;
	const struct host_address address = host_address(name, family);

	(void)size;
	entry = enter(run)->gethostbyaddr(address.bytes, address.size, family);
	result(run, "found", entry ? 1 : 0);
	return entry;
}

int main(void)
{
	static const struct hosts verb = {
		.find = find, .by_address = true, .any_family = true};

	hosts_add(&verb);
	return suite_run("gethostbyaddr");
}
