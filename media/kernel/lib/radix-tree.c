/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The radix tree of the page cache. An index is cut into pieces of six bits, the
 * highest first; each piece chooses one of 64 slots. The tree is as high as the
 * largest index needs and grows at the top.
 *
 * Source: the interface of lib/radix-tree.c of Linux 2.6.36. Cut: tags, lookups of
 * several items, preloading, shrinking (a node is never freed, so lockless lookups are safe).
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/radix-tree.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

/* Largest index of a tree of this height. Context: any. */
//@ plumbing
static unsigned long radix_tree_maxindex(unsigned int height)
{
	if (height * RADIX_TREE_MAP_SHIFT >= 32)
		return ULONG_MAX;
	return (1UL << (height * RADIX_TREE_MAP_SHIFT)) - 1;
}

/* Make the tree so high that it has a place for an index. Context: the tree's lock held. */
//@ plumbing
static int radix_tree_extend(struct radix_tree_root *root, unsigned long index)
{
	while (root->height == 0 || index > radix_tree_maxindex(root->height)) {
		struct radix_tree_node *node = kzalloc(sizeof(*node), GFP_ATOMIC);

		if (!node)
			return -ENOMEM;
		node->height = root->height + 1;
		node->slots[0] = root->rnode;
		rcu_assign_pointer(root->rnode, node);
		root->height++;
	}
	return 0;
}

/*
 * The slot for an index, or NULL if the tree has none. What is in it may change at
 * any time.
 * Context: any; without the tree's lock the result may be old.
 */
//@ plumbing
void **radix_tree_lookup_slot(struct radix_tree_root *root, unsigned long index)
{
	//@ racy root->rnode : under RCU, without tree_lock; the tree may grow at the top, and an old top is still right below
	struct radix_tree_node *node = rcu_dereference(root->rnode);
	unsigned int height;
	unsigned int shift;

	if (!node)
		return NULL;
	/* Not root->height: the tree may be growing, and the two may not fit together. */
	height = node->height;
	if (index > radix_tree_maxindex(height))
		return NULL;
	shift = (height - 1) * RADIX_TREE_MAP_SHIFT;
	while (height > 1) {
		//@ racy node->slots : under RCU; a child is complete before it is hung in, and never taken out
		node = rcu_dereference(node->slots[(index >> shift) & RADIX_TREE_MAP_MASK]);
		if (!node)
			return NULL;
		shift -= RADIX_TREE_MAP_SHIFT;
		height--;
	}
	return &node->slots[index & RADIX_TREE_MAP_MASK];
}

/* The item at an index, or NULL. Context: as radix_tree_lookup_slot(). */
//@ plumbing
void *radix_tree_lookup(struct radix_tree_root *root, unsigned long index)
{
	void **slot = radix_tree_lookup_slot(root, index);

	//@ racy *slot : under RCU; the item may leave the tree right after this
	return slot ? rcu_dereference(*slot) : NULL;
}

/*
 * Put an item at an index: -EEXIST if there is one, -ENOMEM without memory.
 * Context: the tree's lock held.
 */
//@ plumbing
int radix_tree_insert(struct radix_tree_root *root, unsigned long index, void *item)
{
	struct radix_tree_node *node;
	unsigned int height;
	unsigned int shift;
	void **slot;
	int error;

	error = radix_tree_extend(root, index);
	if (error)
		return error;
	node = root->rnode;
	height = root->height;
	shift = (height - 1) * RADIX_TREE_MAP_SHIFT;
	for (; height > 1; height--) {
		slot = &node->slots[(index >> shift) & RADIX_TREE_MAP_MASK];
		if (!*slot) {
			struct radix_tree_node *child = kzalloc(sizeof(*child), GFP_ATOMIC);

			if (!child)
				return -ENOMEM;
			child->height = height - 1;
			rcu_assign_pointer(*slot, child);
		}
		node = *slot;
		shift -= RADIX_TREE_MAP_SHIFT;
	}
	slot = &node->slots[index & RADIX_TREE_MAP_MASK];
	if (*slot)
		return -EEXIST;
	//@ racy *slot : lookups read it without tree_lock; the item is complete
	rcu_assign_pointer(*slot, item);
	return 0;
}

/* Take out and return the item at an index. Context: the tree's lock held. */
//@ plumbing
void *radix_tree_delete(struct radix_tree_root *root, unsigned long index)
{
	void **slot = radix_tree_lookup_slot(root, index);
	void *item = NULL;

	if (slot) {
		item = *slot;
		//@ racy *slot : a lookup may have read the item just now; it takes a reference and compares
		*slot = NULL;
	}
	return item;
}

/*
 * Set `index` to that of the first item at it or behind it: 0 if there is none. The
 * item may be gone by the time somebody looks.
 * Context: as radix_tree_lookup_slot().
 */
//@ plumbing
int radix_tree_next(struct radix_tree_root *root, unsigned long *index)
{
	//@ racy root->height : a page that comes after this look is none that the caller has to find
	unsigned long last = radix_tree_maxindex(root->height);

	//@ racy root->rnode : under RCU; the lookups that follow read it again
	if (!root->rnode)
		return 0;
	for (; *index <= last; ++*index) {
		void **slot = radix_tree_lookup_slot(root, *index);

		//@ racy *slot : whoever wants the item gets it by find_get_page(), which looks again
		if (slot && *slot)
			return 1;
		/* No node there: on to the next one. */
		if (!slot)
			*index |= RADIX_TREE_MAP_MASK;
		if (*index == ULONG_MAX)
			break;
	}
	return 0;
}

/*
 * The first index from `index` on that has no item; after `max_scan` items, the index
 * behind them. 0 when the search has run over the largest index.
 * Context: as radix_tree_lookup_slot().
 */
//@ plumbing
unsigned long radix_tree_next_hole(struct radix_tree_root *root, unsigned long index,
				   unsigned long max_scan)
{
	for (; max_scan > 0 && radix_tree_lookup(root, index); max_scan--) {
		index++;
		if (index == 0)
			break;
	}
	return index;
}

/*
 * The same downward from `index`; ULONG_MAX when the search has run below 0.
 * Context: as radix_tree_lookup_slot().
 */
//@ plumbing
unsigned long radix_tree_prev_hole(struct radix_tree_root *root, unsigned long index,
				   unsigned long max_scan)
{
	for (; max_scan > 0 && radix_tree_lookup(root, index); max_scan--) {
		index--;
		if (index == ULONG_MAX)
			break;
	}
	return index;
}
