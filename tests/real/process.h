/* process.h - a server under test: started, looked at from outside, ended. */
#ifndef REAL_PROCESS_H
#define REAL_PROCESS_H

#include <sys/types.h>

/* Run ARGV, its output going to a file beside the program, PROGRAM.log. Ends this process
 * when that is impossible. */
pid_t process_start(char *const argv[]);

/* The TCP port on which PROCESS listens, once it does; 0 when it ended instead. */
int process_port(pid_t process);

/* A number that /proc/PROCESS/status gives after KEY, as "Threads:"; -1 if there is
 * none. */
long process_status(pid_t process, const char *key);

/* Ask it to end, and wait until it has. Its wait status, or 0 if it ended by our
 * signal. */
int process_stop(pid_t process);

#endif
