/* utf8.h - text of unknown encoding for formats that must be UTF-8. */
#ifndef COHOOK_AUDIT_UTF8_H
#define COHOOK_AUDIT_UTF8_H

/* utf8_clean - put a question mark in the place of each byte of TEXT that belongs to no
 * character of UTF-8. Gives TEXT. */
char *utf8_clean(char *text);

#endif
