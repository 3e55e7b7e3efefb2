/* heap.h - memory for a parse. */
#ifndef COHOOK_HEAP_H
#define COHOOK_HEAP_H

/* heap_prepare - let what is allocated from now on come from huge pages where the kernel
 * has them. Best called before libclang is loaded. */
void heap_prepare(void);

#endif
