/* diag.h - everything that the wrapper itself says, on standard error. */
#ifndef COHOOK_DIAG_H
#define COHOOK_DIAG_H

/* diag_called - the program was called NAME: as cohook-c++ or as cohook-cc, under some
 * name. */
void diag_called(const char *name);

/* FILE is the input it is about, or NULL. One line: "cohook-cc: a.c: warning: ...". */
void diag_warning(const char *file, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void diag_error(const char *file, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* diag_fatal - diag_error() and the exit status of a wrong use, 2. */
_Noreturn void diag_fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* diag_name - what begins every message. */
const char *diag_name(void);

/* diag_raw - a text of known length without formatting; async-signal-safe. */
void diag_raw(const char *text);

#endif
