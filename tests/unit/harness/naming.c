/* naming.c - names of threads, as tests set and look at them. */
#include "harness/naming.h"

#include <string.h>

void set_name(struct run *run, pthread_t thread, const char *name)
{
	code(run, "setname", enter(run)->pthread_setname_np(thread, name));
	took_no_wait(run);
}

void get_name(struct run *run, pthread_t thread, size_t size)
{
	char name[64];

	memset(name, '#', sizeof(name));
	if (code(run, "getname", enter(run)->pthread_getname_np(thread, name, size)) == 0)
		note(run, "\"%s\"", name);
	took_no_wait(run);
}
