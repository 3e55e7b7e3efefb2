/* ledgerfile.h - the ledger of a file that was compiled. */
#ifndef COHOOK_LEDGERFILE_H
#define COHOOK_LEDGERFILE_H

#include <stdio.h>

/* ledgerfile_print - write the ledger of PATH, an object, archive, program or library, to
 * OUT. The number of bytes, 0 if it has none; or -1 and *TROUBLE: why it cannot be read,
 * valid until the next call. */
long ledgerfile_print(FILE *out, const char *path, const char **trouble);

#endif
