/* reason.h - the plan's reasons as words for programs. */
#ifndef COHOOK_AUDIT_REASON_H
#define COHOOK_AUDIT_REASON_H

/* reason_id - the word for TEXT, "other" if there is none. */
const char *reason_id(const char *text);

#endif
