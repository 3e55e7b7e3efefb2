/* gethostbyname_r.c - gethostbyname_r(3) through libc and through its mirror. */
#include "harness/hosts.h"
#include "harness/scenario.h"

static struct hostent *find(struct run *run, const char *name, int family, size_t size)
{
	static struct hostent entry;
	struct hostent *found = NULL;
	int error, h_error = 0;

	(void)family;
	error = enter(run)->gethostbyname_r(
		name, &entry, host_buffer, size, &found, &h_error);
	result(run, "gethostbyname_r", error);
	return host_found(run, error, found, h_error);
}

int main(void)
{
	static const struct hosts verb = {.find = find, .in_buffer = true};

	hosts_add(&verb);
	return suite_run("gethostbyname_r");
}
