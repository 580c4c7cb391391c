/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one memory zone: its free page frames, its LRU list, and the hash table of
 * wait queues for its pages. The per-CPU lists in front of both are cut, so a page
 * on the LRU list has no extra reference from a pagevec.
 */
#ifndef _LINUX_MMZONE_H
#define _LINUX_MMZONE_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#define WAIT_TABLE_MAX	128	/* enough for 32768 frames, the most this machine has */

struct zone {
	spinlock_t lock;		/* guards the free list */
	struct list_head free_list;	/* of pages, by page->lru */
	unsigned long nr_free;
	spinlock_t lru_lock;		/* guards the LRU list */
	struct list_head inactive_file;
	struct list_head inactive_anon;
	unsigned long wait_table_bits;
	wait_queue_head_t wait_table[WAIT_TABLE_MAX];
};

/* mm/page_alloc.c */
extern struct zone contig_zone;
extern unsigned long max_mapnr;

#define page_zone(page)	((void)(page), &contig_zone)

#endif
