/* scan.h - what a linker input refers to. */
#ifndef COHOOK_SCAN_H
#define COHOOK_SCAN_H

#include <stdbool.h>

/* scan_object, scan_source - whether the object, archive or shared library, or the
 * source, PATH may need our runtime. They err on the side of yes; false for what cannot
 * be read. */
bool scan_object(const char *path);
bool scan_source(const char *path);

#endif
