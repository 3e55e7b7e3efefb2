/* configfile.h - the .cohook file that a source is under. */
#ifndef COHOOK_CONFIGFILE_H
#define COHOOK_CONFIGFILE_H

struct rewrite_request;
struct settings;

/* configfile_apply - find the file that counts for REQUEST's source and put what it says
 * into REQUEST: the rules, why the source is kept as a whole, the mode of threads where
 * SETTINGS do not give it. A file that cannot be read or understood ends the process with
 * a message and status 2. */
void configfile_apply(struct rewrite_request *request, const struct settings *settings);

#endif
