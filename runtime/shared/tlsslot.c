/* tlsslot.c - the thunk through which a library finds its thread-local variables, see
 * tls.h. Without a runtime every variable is the OS thread's. */
#include "slot.h"

static const volatile void *same(const volatile void *variable)
{
	return variable;
}

SLOT(_tls_find, (void (*)(void))same);
