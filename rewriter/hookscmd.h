/* hookscmd.h - `cohook hooks`. */
#ifndef COHOOK_HOOKSCMD_H
#define COHOOK_HOOKSCMD_H

/* hookscmd_run - take the words behind "cohook"; the exit status. */
int hookscmd_run(int argc, char **argv);

#endif
