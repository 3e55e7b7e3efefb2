/* response.h - response files: @file on a command line. */
#ifndef COHOOK_RESPONSE_H
#define COHOOK_RESPONSE_H

#include "argvec.h"

/* response_expand - push the words of ARGV to OUT, every @file replaced by the words in
 * it.
 *
 * A file that cannot be read stays as the word it is, as with the compilers. Gives 0, or
 * -ELOOP when the files name each other without an end. *FROM_FILE is set when OUT
 * differs from ARGV. */
int response_expand(char *const *argv, struct argvec *out, bool *from_file);

#endif
