/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The LRU lists: all pages that could be reclaimed, the oldest last. Linux collects
 * new pages in small per-CPU batches first (pagevecs, 14 pages each), which spares the
 * lock. Until a batch is drained each of its pages has one more reference, so reclaim
 * lets it stay. That is no part of the fault path, waits for nothing and hides which
 * reference a bug has lost; so here a page goes straight to its list, and its count is
 * what the cache, the PTEs and tasks own.
 *
 * Source: mm/swap.c of Linux 2.6.36. Cut: pagevecs and draining them, active lists.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/swap.h>

/* Put a page on one of the lists. Context: any; takes lru_lock. */
static void lru_add(struct page *page, struct list_head *list)
{
	struct zone *zone = page_zone(page);

	VM_BUG_ON(PageLRU(page));
	spin_lock_irq(&zone->lru_lock);
	SetPageLRU(page);
	list_add(&page->lru, list);
	spin_unlock_irq(&zone->lru_lock);
}

/* Put a page of a file on its list. Context: any; takes lru_lock. */
void lru_cache_add_file(struct page *page)
{
	lru_add(page, &contig_zone.inactive_file);
}

/*
 * Put an anonymous page on its list.
 * Context: any; takes lru_lock. Faults call it with interrupts on.
 */
void lru_cache_add_anon(struct page *page)
{
	lru_add(page, &contig_zone.inactive_anon);
}

/* Take a page that is about to be freed off its list. Context: any; takes lru_lock. */
void lru_cache_del(struct page *page)
{
	struct zone *zone = page_zone(page);
	unsigned long flags;

	spin_lock_irqsave(&zone->lru_lock, flags);
	VM_BUG_ON(!PageLRU(page));
	__ClearPageLRU(page);
	list_del(&page->lru);
	spin_unlock_irqrestore(&zone->lru_lock, flags);
}

/* A page has been used. There is no active list to promote it to. Context: any. */
//@ plumbing
void mark_page_accessed(struct page *page)
{
	SetPageReferenced(page);
}
