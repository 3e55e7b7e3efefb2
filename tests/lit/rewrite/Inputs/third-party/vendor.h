#pragma GCC system_header
#include <unistd.h>
static inline int vendor_close(int fd) { return close(fd); }
