/* resolve.h - lookups in name services. */
#ifndef COHOOK_RESOLVE_H
#define COHOOK_RESOLVE_H

/* co__offload() for a lookup: no more of them are under way at once than leave threads
 * of the pool for other work. Without a worker WORK runs right here. */
long co__resolve(long (*work)(void *arg), void *arg);

#endif
