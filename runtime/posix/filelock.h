/* filelock.h - fcntl(2)'s locks that wait. */
#ifndef COHOOK_FILELOCK_H
#define COHOOK_FILELOCK_H

/* COMMAND is F_SETLKW or F_OFD_SETLKW, LOCK what fcntl(2) was given. */
int co__filelock_record(int fd, int command, void *lock);

#endif
