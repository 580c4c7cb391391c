/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small pieces of memory: for each size class, a power of two from 32 bytes to a
 * page, a list of free objects. A page belongs to one class for ever. Before every
 * object stands a header that only this file may touch; it and what an object does
 * not use of its class are the red zones around it. Freed objects are filled with
 * POISON_FREE and used again as late as possible, so that a pointer that was kept
 * too long is caught.
 *
 * Source: the interface of mm/slub.c of Linux 2.6.36 with red zones, poisoning and
 * user tracking. Cut: caches by name, per-CPU lists, giving pages back.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/swap.h>

#define MIN_OBJECT_SHIFT	5
#define MAX_OBJECT_SHIFT	12
#define NR_SIZES	(MAX_OBJECT_SHIFT - MIN_OBJECT_SHIFT + 1)
#define RED_ZONE	8	/* bytes of its class that an object never uses */

#define OBJECT_IN_USE	0x5a5a5a5a
#define OBJECT_FREE	0xbbbbbbbb

struct object_header {
	struct object_header *next;	/* in the list of free objects */
	size_t size;			/* as asked for; 0 before the first use */
	unsigned int shift;		/* the class */
	unsigned int state;		/* OBJECT_IN_USE or OBJECT_FREE */
};

struct free_list {
	struct object_header *first;
	struct object_header *last;
};

static struct free_list free_objects[NR_SIZES];
static DEFINE_SPINLOCK(slab_lock);	/* guards free_objects and all headers */

/* What an object of a class has room for, its red zone included. Context: any. */
//@ plumbing
static size_t class_size(unsigned int shift)
{
	if (shift == MAX_OBJECT_SHIFT)
		return PAGE_SIZE - sizeof(struct object_header);
	return (size_t)1 << shift;
}

/* The smallest class that fits. Context: any. */
//@ plumbing
static unsigned int size_shift(size_t size)
{
	unsigned int shift = MIN_OBJECT_SHIFT;

	while (shift <= MAX_OBJECT_SHIFT && class_size(shift) < size + RED_ZONE)
		shift++;
	return shift;
}

/* Put an object at the end of its list. Context: slab_lock is held. */
//@ plumbing
static void __no_sanitize_address add_free(struct object_header *object)
{
	struct free_list *list = &free_objects[object->shift - MIN_OBJECT_SHIFT];

	object->next = NULL;
	object->state = OBJECT_FREE;
	if (list->first)
		list->last->next = object;
	else
		list->first = object;
	list->last = object;
}

/* Fill a new page with objects of a class. Context: slab_lock is held. */
//@ plumbing
static void __no_sanitize_address fill_page(unsigned long page, unsigned int shift)
{
	unsigned long stride = sizeof(struct object_header) + class_size(shift);
	unsigned long offset;

	memset((void *)page, 0, PAGE_SIZE);
	fl_memory_state((void *)page, PAGE_SIZE, FL_MEMORY_RED_ZONE);
	for (offset = 0; offset + stride <= PAGE_SIZE; offset += stride) {
		struct object_header *object = (struct object_header *)(page + offset);

		object->shift = shift;
		add_free(object);
	}
}

/*
 * Memory of at least `size` bytes, nearly a page at most; NULL if there is none.
 * Context: any, if flags let it wait as try_to_free_pages(); takes slab_lock.
 */
//@ plumbing
void * __no_sanitize_address kmalloc(size_t size, gfp_t flags)
{
	unsigned int shift = size_shift(size);
	struct object_header *object;
	struct free_list *list;
	unsigned long irq_flags;

	BUG_ON(shift > MAX_OBJECT_SHIFT);
	list = &free_objects[shift - MIN_OBJECT_SHIFT];
again:
	spin_lock_irqsave(&slab_lock, irq_flags);
	if (!list->first) {
		/* Nothing is reclaimed while slab_lock is held. */
		unsigned long page = __get_free_page(flags & ~__GFP_WAIT);

		if (page)
			fill_page(page, shift);
	}
	object = list->first;
	if (object) {
		list->first = object->next;
		object->state = OBJECT_IN_USE;
		object->size = size;
	}
	spin_unlock_irqrestore(&slab_lock, irq_flags);
	if (!object) {
		if ((flags & __GFP_WAIT) && try_to_free_pages())
			goto again;
		return NULL;
	}

	fl_memory_state(object + 1, class_size(shift), FL_MEMORY_RED_ZONE);
	fl_object_allocated(object + 1, size);
	return object + 1;
}

/* The same, filled with zeros. Context: any; takes slab_lock. */
//@ plumbing
void *kzalloc(size_t size, gfp_t flags)
{
	void *object = kmalloc(size, flags);

	if (object)
		memset(object, 0, size);
	return object;
}

/* Free an object; NULL is allowed. Context: any; takes slab_lock. */
//@ plumbing
void __no_sanitize_address kfree(const void *object)
{
	struct object_header *freed = (struct object_header *)object - 1;
	unsigned long flags;

	if (!object)
		return;
	if (freed->state == OBJECT_FREE)
		fl_bug("kfree() of an object that is free already");
	if (freed->state != OBJECT_IN_USE)
		fl_bug("kfree() of something that kmalloc() did not return");
	memset(freed + 1, POISON_FREE, freed->size);
	fl_object_freed(freed + 1, freed->size);
	spin_lock_irqsave(&slab_lock, flags);
	add_free(freed);
	spin_unlock_irqrestore(&slab_lock, flags);
}
