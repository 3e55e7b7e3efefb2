/* gethostbyaddr_r.c - gethostbyaddr_r(3) through libc and through its mirror. */
#include "harness/hosts.h"
#include "harness/scenario.h"

static struct hostent *find(struct run *run, const char *name, int family, size_t size)
{
	static struct hostent entry;
	struct hostent *found = NULL;
	int error, h_error = 0;
	const struct host_address address = host_address(name, family);

	error = enter(run)->gethostbyaddr_r(address.bytes, address.size, family, &entry,
		host_buffer, size, &found, &h_error);
	result(run, "gethostbyaddr_r", error);
	return host_found(run, error, found, h_error);
}

int main(void)
{
	static const struct hosts verb = {
		.find = find, .by_address = true, .any_family = true, .in_buffer = true};

	hosts_add(&verb);
	return suite_run("gethostbyaddr_r");
}
