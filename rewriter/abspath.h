/* abspath.h - one name for a file, however the user names it. */
#ifndef COHOOK_ABSPATH_H
#define COHOOK_ABSPATH_H

struct pool;

/* abspath - PATH made absolute, its folder without links and dots. The file itself may
 * be a link, and stays one: where it is named counts. PATH as it is if there is no such
 * folder. */
const char *abspath(struct pool *pool, const char *path);

#endif
