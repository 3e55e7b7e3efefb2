/* matrix.h - what a run found, by call, as a table to read. */
#ifndef CONFORMANCE_MATRIX_H
#define CONFORMANCE_MATRIX_H

#include "judge.h"

/* Write it to the file PATH, or compare it with what is there; false if that fails or the
 * file says otherwise. */
bool matrix_write(const char *path, size_t count, const struct judgement *judgements);
bool matrix_check(const char *path, size_t count, const struct judgement *judgements);

#endif
