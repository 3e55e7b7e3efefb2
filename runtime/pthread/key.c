/* key.c - pthread keys: libc makes them, each fiber has its own values.
 *
 * A root fiber's values are its thread's. A key's number can be used again after
 * pthread_key_delete(); values remember which life of the key they belong to. Keys that
 * foreign code made work too, but their destructors are known to libc alone and are not
 * run for fibers. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../sched.h"
#include "key.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { BLOCK = 32, BLOCKS = PTHREAD_KEYS_MAX / BLOCK };

struct key {
	atomic_uint life; /* odd while it exists; even: not made here */
	_Atomic(void *) destructor;
};

struct value {
	unsigned life;
	const void *value;
};

struct key_values {
	struct value *blocks[BLOCKS];
};

static struct key keys[PTHREAD_KEYS_MAX];

int co_pthread_key_create(pthread_key_t *key, void (*destructor)(void *value))
{
	int r = pthread_key_create(key, destructor);

	if (r == 0 && *key < PTHREAD_KEYS_MAX) {
		atomic_store(&keys[*key].destructor, (void *)destructor);
		if (atomic_load(&keys[*key].life) % 2 == 0)
			atomic_fetch_add(&keys[*key].life, 1);
		else
			atomic_fetch_add(&keys[*key].life, 2); /* foreign code deleted it */
	}
	return r;
}

int co_pthread_key_delete(pthread_key_t key)
{
	int r;

	if (key < PTHREAD_KEYS_MAX && atomic_load(&keys[key].life) % 2 == 1) {
		atomic_store(&keys[key].destructor, NULL);
		atomic_fetch_add(&keys[key].life, 1);
	}
	r = pthread_key_delete(key);
	return r;
}

/* libc alone knows which keys exist; setting a value to what it is tells. */
static bool exists(pthread_key_t key)
{
	if (key < PTHREAD_KEYS_MAX && atomic_load(&keys[key].life) % 2 == 1)
		return true;
	return pthread_setspecific(key, pthread_getspecific(key)) == 0;
}

static struct value *slot(struct co_fiber *self, pthread_key_t key)
{
	struct value **block;

	if (!self->keys)
		self->keys = calloc(1, sizeof(*self->keys));
	if (!self->keys)
		return NULL;
	block = &self->keys->blocks[key / BLOCK];
	if (!*block)
		*block = calloc(BLOCK, sizeof(**block));
	return *block ? &(*block)[key % BLOCK] : NULL;
}

int co_pthread_setspecific(pthread_key_t key, const void *value)
{
	struct co_fiber *self = co__ctx.running; /* in handlers too: nothing here parks */
	struct value *v;
	int error = errno;

	if (!self || self->is_root || key >= PTHREAD_KEYS_MAX)
		return pthread_setspecific(key, value);
	if (!exists(key))
		return EINVAL;
	v = slot(self, key);
	errno = error;
	if (!v)
		return ENOMEM;
	atomic_store_explicit(&co__sched_hooks.ending, co__keys_end, memory_order_relaxed);
	*v = (struct value){atomic_load(&keys[key].life), value};
	return 0;
}

void *co_pthread_getspecific(pthread_key_t key)
{
	struct co_fiber *self = co__ctx.running;
	struct value *block, *v;

	if (!self || self->is_root || key >= PTHREAD_KEYS_MAX)
		return pthread_getspecific(key);
	block = self->keys ? self->keys->blocks[key / BLOCK] : NULL;
	v = block ? &block[key % BLOCK] : NULL;
	return v && v->life == atomic_load(&keys[key].life) ? (void *)v->value : NULL;
}

/* One round over a block; true if a destructor ran. */
static bool run_destructors(struct value *block, unsigned first_key)
{
	bool ran = false;

	for (unsigned i = 0; i < BLOCK; i++) {
		struct key *key = &keys[first_key + i];
		void (*destructor)(void *) = (void (*)(void *))atomic_load(&key->destructor);
		void *value = (void *)block[i].value;
		if (!value || block[i].life != atomic_load(&key->life))
			continue;
		block[i].value = NULL;
		if (!destructor)
			continue;
		destructor(value);
		ran = true;
	}
	return ran;
}

void co__keys_end(struct co_fiber *fiber)
{
	bool again = fiber->keys != NULL;

	for (int round = 0; again && round < PTHREAD_DESTRUCTOR_ITERATIONS; round++) {
		again = false;
		for (unsigned i = 0; i < BLOCKS; i++)
			if (fiber->keys->blocks[i])
				again |= run_destructors(fiber->keys->blocks[i], i * BLOCK);
	}
	for (unsigned i = 0; fiber->keys && i < BLOCKS; i++)
		free(fiber->keys->blocks[i]);
	free(fiber->keys);
	fiber->keys = NULL;
}
