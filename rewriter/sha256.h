/* sha256.h - the digest of FIPS 180-4, by which contents are told apart. */
#ifndef COHOOK_SHA256_H
#define COHOOK_SHA256_H

#include <stddef.h>

enum { SHA256_SIZE = 32 };

void sha256(const void *data, size_t length, unsigned char digest[SHA256_SIZE]);

#endif
