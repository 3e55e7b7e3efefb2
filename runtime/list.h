/* list.h - intrusive, circular, doubly linked lists. A link that is in no list points to
 * itself. */
#ifndef COHOOK_LIST_H
#define COHOOK_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *prev;
};

#define LIST_OWNER(link, type, member) ((type *)((char *)(link) - offsetof(type, member)))

static inline void list_init(struct list *l)
{
	l->next = l->prev = l;
}

static inline bool list_empty(const struct list *l)
{
	return l->next == l;
}

/* Put LINK before POS; with a list's head as POS that is the tail. */
static inline void list_insert(struct list *pos, struct list *link)
{
	link->next = pos;
	link->prev = pos->prev;
	pos->prev->next = link;
	pos->prev = link;
}

static inline void list_remove(struct list *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	list_init(link);
}

/* The first link, taken out, or NULL. */
static inline struct list *list_take(struct list *head)
{
	struct list *link = head->next;

	if (link == head)
		return NULL;
	list_remove(link);
	return link;
}

#endif
