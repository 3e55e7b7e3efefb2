/* variables.c - the library's side of tls.h: its own thread-local variables.
 *
 * Every use of a variable that no other unit can name is looked up, since a library's
 * variables are in another place for each OS thread. Those that others can name stay the
 * OS thread's: they may be the program's, or be named by a program that was built
 * without cohook. */
#include "../tls.h"

__thread intptr_t co__tls_shift = TLS_UNKNOWN;
__thread intptr_t co__tls_shift_outer = 0;
