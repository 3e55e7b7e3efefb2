/* rewritecmd.h - `cohook rewrite`. */
#ifndef COHOOK_REWRITECMD_H
#define COHOOK_REWRITECMD_H

/* rewritecmd_run - take the words behind "cohook"; the exit status. */
int rewritecmd_run(int argc, char **argv);

#endif
