/* stdio_format.h - the checking forms of the printf family, which no header of libc
 * declares without _FORTIFY_SOURCE. FLAG is libc's: positive to end the program for a %n
 * in memory that can be written. */
#ifndef COHOOK_STDIO_FORMAT_H
#define COHOOK_STDIO_FORMAT_H

#include <stdarg.h>
#include <stdio.h>

int co___printf_chk(int flag, const char *format, ...);
int co___fprintf_chk(FILE *fp, int flag, const char *format, ...);
int co___dprintf_chk(int fd, int flag, const char *format, ...);
int co___vprintf_chk(int flag, const char *format, va_list args);
int co___vfprintf_chk(FILE *fp, int flag, const char *format, va_list args);
int co___vdprintf_chk(int fd, int flag, const char *format, va_list args);

#endif
