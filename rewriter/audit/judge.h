/* judge.h - all that the audit finds in one unit. */
#ifndef COHOOK_AUDIT_JUDGE_H
#define COHOOK_AUDIT_JUDGE_H

struct document;
struct rewrite_result;

/* judge_unit - add to DOCUMENT, the last unit of which it is, what there is to say of RESULT,
 * which has a survey. The
 * strings are RESULT's: it must outlive DOCUMENT. NULL, or what is wrong with the lists
 * of foreign functions or with a comment. */
const char *judge_unit(struct document *document, const struct rewrite_result *result);

#endif
