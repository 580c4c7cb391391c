/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Circular doubly linked lists. A list is a head whose neighbors are the first
 * and the last element; an empty head points to itself. Whoever owns a list
 * names the lock that guards it; nothing here takes one.
 */
#ifndef _LINUX_LIST_H
#define _LINUX_LIST_H

#include <linux/kernel.h>

#define LIST_HEAD_INIT(name)	{ &(name), &(name) }
#define LIST_HEAD(name)		struct list_head name = LIST_HEAD_INIT(name)

/* Make an empty list. Context: any; the list is the caller's. */
//@ plumbing
static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

/* Put an entry between two neighbors. Context: the list's lock is held. */
//@ plumbing
static inline void __list_add(struct list_head *entry, struct list_head *prev,
			      struct list_head *next)
{
	next->prev = entry;
	entry->next = next;
	entry->prev = prev;
	prev->next = entry;
}

/* Add at the front. Context: the list's lock is held. */
//@ plumbing
static inline void list_add(struct list_head *entry, struct list_head *head)
{
	__list_add(entry, head, head->next);
}

/* Add at the end. Context: the list's lock is held. */
//@ plumbing
static inline void list_add_tail(struct list_head *entry, struct list_head *head)
{
	__list_add(entry, head->prev, head);
}

/* Take an entry out; its own pointers become poison. Context: the list's lock is held. */
//@ plumbing
static inline void list_del(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	entry->next = (struct list_head *)0x00100100;
	entry->prev = (struct list_head *)0x00200200;
}

/* Take an entry out and make it an empty list. Context: the list's lock is held. */
//@ plumbing
static inline void list_del_init(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	INIT_LIST_HEAD(entry);
}

/* Is the list empty? Context: any; without the list's lock the answer may be old. */
//@ plumbing
static inline int list_empty(const struct list_head *head)
{
	return head->next == head;
}

/*
 * Is the list empty, and is nobody just about to make it so with list_del_init()? Without
 * the list's lock, only then is the other one done with it.
 * Context: any.
 */
//@ plumbing
static inline int list_empty_careful(const struct list_head *head)
{
	//@ racy head->next : list_del_init() may be under way; it writes prev last
	struct list_head *next = head->next;

	//@ racy head->prev : list_del_init() writes it last, so both at home mean that the other one is done
	return next == head && next == head->prev;
}

#define list_entry(pointer, type, member)	container_of(pointer, type, member)
#define list_first_entry(head, type, member)	list_entry((head)->next, type, member)
#define list_last_entry(head, type, member)	list_entry((head)->prev, type, member)
#define list_for_each(pos, head) \
	for (pos = (head)->next; pos != (head); pos = pos->next)
#define list_for_each_entry(pos, head, member) \
	for (pos = list_first_entry(head, __typeof__(*pos), member); \
	     &pos->member != (head); \
	     pos = list_entry(pos->member.next, __typeof__(*pos), member))
/* The same, when the body may take `pos` out of the list. */
#define list_for_each_entry_safe(pos, following, head, member) \
	for (pos = list_first_entry(head, __typeof__(*pos), member), \
	     following = list_entry(pos->member.next, __typeof__(*pos), member); \
	     &pos->member != (head); \
	     pos = following, \
	     following = list_entry(following->member.next, __typeof__(*pos), member))

#endif
