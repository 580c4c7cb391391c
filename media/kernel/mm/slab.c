/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small pieces of memory: for each power of two from 32 bytes to half a page a list
 * of free objects. A page belongs to one size for ever. The size of an object is
 * kept in the page's `private`; freed objects are filled with POISON_FREE.
 *
 * Source: the interface of mm/slub.c of Linux 2.6.36 with poisoning. Cut: caches by
 * name, per-CPU lists, giving pages back.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define MIN_OBJECT_SHIFT	5
#define MAX_OBJECT_SHIFT	12
#define NR_SIZES	(MAX_OBJECT_SHIFT - MIN_OBJECT_SHIFT + 1)

/* A free object; the link lies in its first word. */
struct free_object {
	struct free_object *next;
};

static struct free_object *free_objects[NR_SIZES];
static DEFINE_SPINLOCK(slab_lock);	/* guards free_objects */

/* The smallest size class that fits. Context: any. */
//@ plumbing
static unsigned int size_shift(size_t size)
{
	unsigned int shift = MIN_OBJECT_SHIFT;

	while ((1UL << shift) < size)
		shift++;
	return shift;
}

/*
 * Memory of at least `size` bytes, at most a page; NULL if there is none.
 * Context: any; takes slab_lock.
 */
//@ plumbing
void *kmalloc(size_t size, gfp_t flags)
{
	unsigned int shift = size_shift(size);
	struct free_object **list = &free_objects[shift - MIN_OBJECT_SHIFT];
	struct free_object *object;
	unsigned long irq_flags;

	BUG_ON(shift > MAX_OBJECT_SHIFT);
	spin_lock_irqsave(&slab_lock, irq_flags);
	if (!*list) {
		unsigned long page = __get_free_page(flags);
		unsigned long offset;

		if (page) {
			virt_to_page(page)->private = shift;
			for (offset = 0; offset < PAGE_SIZE; offset += 1UL << shift) {
				object = (struct free_object *)(page + offset);
				object->next = *list;
				*list = object;
			}
		}
	}
	object = *list;
	if (object)
		*list = object->next;
	spin_unlock_irqrestore(&slab_lock, irq_flags);
	return object;
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
void kfree(const void *object)
{
	struct free_object *freed = (struct free_object *)object;
	unsigned long flags;
	unsigned int shift;

	if (!freed)
		return;
	shift = (unsigned int)virt_to_page(freed)->private;
	BUG_ON(shift < MIN_OBJECT_SHIFT || shift > MAX_OBJECT_SHIFT);
	memset(freed, POISON_FREE, 1UL << shift);
	spin_lock_irqsave(&slab_lock, flags);
	freed->next = free_objects[shift - MIN_OBJECT_SHIFT];
	free_objects[shift - MIN_OBJECT_SHIFT] = freed;
	spin_unlock_irqrestore(&slab_lock, flags);
}
