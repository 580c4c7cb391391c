/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A radix tree from an index to a pointer: 64 slots per node, as many levels as
 * the largest index needs. The page cache of a file is one.
 *
 * Lookups need no lock, because a node is never freed while the tree lives (the
 * kernel frees nodes after an RCU grace period). Tags are cut.
 */
#ifndef _LINUX_RADIX_TREE_H
#define _LINUX_RADIX_TREE_H

#define RADIX_TREE_MAP_SHIFT	6
#define RADIX_TREE_MAP_SIZE	(1UL << RADIX_TREE_MAP_SHIFT)
#define RADIX_TREE_MAP_MASK	(RADIX_TREE_MAP_SIZE - 1)

struct radix_tree_node {
	unsigned int height;		/* levels from here down to the items, at least 1 */
	void *slots[RADIX_TREE_MAP_SIZE];	/* nodes, or items on the lowest level */
};

struct radix_tree_root {
	unsigned int height;		/* levels; 0: empty. Only for those who change it */
	struct radix_tree_node *rnode;
};

/* lib/radix-tree.c; changes need the lock of the tree's owner. */
int radix_tree_insert(struct radix_tree_root *root, unsigned long index, void *item);
void **radix_tree_lookup_slot(struct radix_tree_root *root, unsigned long index);
void *radix_tree_lookup(struct radix_tree_root *root, unsigned long index);
int radix_tree_next(struct radix_tree_root *root, unsigned long *index);
void *radix_tree_delete(struct radix_tree_root *root, unsigned long index);
unsigned long radix_tree_next_hole(struct radix_tree_root *root, unsigned long index,
				   unsigned long max_scan);
unsigned long radix_tree_prev_hole(struct radix_tree_root *root, unsigned long index,
				   unsigned long max_scan);

#endif
