/* uvstate.h - libuv's part of a worker's loop; shared by loop.c and offload.c alone. */
#ifndef COHOOK_UVSTATE_H
#define COHOOK_UVSTATE_H

#include <uv.h>

struct uv_state {
	uv_loop_t loop;
	uv_async_t async; /* see uv_start() */
};

#endif
