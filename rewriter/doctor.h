/* doctor.h - `cohook doctor`. */
#ifndef COHOOK_DOCTOR_H
#define COHOOK_DOCTOR_H

/* doctor_run - take the words behind "cohook"; the exit status: 1 if something that is
 * needed is missing. */
int doctor_run(int argc, char **argv);

#endif
