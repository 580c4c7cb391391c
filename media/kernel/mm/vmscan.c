/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reclaim: getting page frames back from the page cache.
 *
 * A page can go if nobody but the cache has a reference to it once it is unmapped.
 * Whoever looks at it without a lock may take a reference at any time, so the last
 * step is one atomic operation: "if the count is exactly two, the cache's and mine,
 * make it zero". A task that waits for a page has a reference; so its page stays.
 *
 * Source: mm/vmscan.c of Linux 2.6.36. Cut: kswapd, active lists and second chances,
 * writing dirty pages (they stay), swap, priorities, shrinking of other caches.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/page-flags.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/swap.h>

#define SWAP_CLUSTER_MAX	32UL	/* pages taken off the list at a time */

/*
 * Take a page off its LRU list, with a reference for the caller: 0, or -EBUSY if it
 * is on none.
 * Context: the caller has a reference; takes lru_lock.
 */
int isolate_lru_page(struct page *page)
{
	struct zone *zone = page_zone(page);
	int ret = -EBUSY;

	spin_lock_irq(&zone->lru_lock);
	if (PageLRU(page)) {
		ret = 0;
		get_page(page);
		__ClearPageLRU(page);
		list_del(&page->lru);
	}
	spin_unlock_irq(&zone->lru_lock);
	return ret;
}

/* Put such a page back, and the reference too. Context: any; takes lru_lock. */
static void putback_lru_page(struct page *page)
{
	lru_cache_add_file(page);
	put_page(page);
}

/*
 * Take a page out of its file if nobody else has it: 1 if it is gone. Its count is
 * zero then.
 * Context: page lock held, the page is not mapped; takes tree_lock.
 */
static int __remove_mapping(struct address_space *mapping, struct page *page)
{
	BUG_ON(!PageLocked(page));
	spin_lock_irq(&mapping->tree_lock);
	//@ anchor freeze_page : Reclaim: does anybody else have a reference to the page?
	//@ note Two references are expected: the cache's and ours. A third one, say of a task that sleeps on the page, keeps it.
	if (!page_freeze_refs(page, 2)) {
		spin_unlock_irq(&mapping->tree_lock);
		return 0;
	}
	__remove_from_page_cache(page);
	spin_unlock_irq(&mapping->tree_lock);
	return 1;
}

/*
 * Try to free the pages of a list, which have been taken off the LRU list; those that
 * must stay go back there. Returns how many were freed.
 * Context: may hold the locks of other pages; takes i_mmap_lock and PTE locks.
 */
//@ cost evict
unsigned long shrink_page_list(struct list_head *page_list)
{
	unsigned long nr_reclaimed = 0;

	while (!list_empty(page_list)) {
		struct page *page = list_last_entry(page_list, struct page, lru);
		struct address_space *mapping;

		list_del(&page->lru);
		/* Never wait for a page: it may be locked for a long time. */
		if (!trylock_page(page))
			goto keep;

		mapping = page_mapping(page);
		if (!mapping)
			goto keep_locked;	/* truncated meanwhile */
		if (page_mapped(page) && !try_to_unmap(page))
			goto keep_locked;
		if (PageDirty(page))
			goto keep_locked;
		if (!__remove_mapping(mapping, page))
			goto keep_locked;

		/* Nobody can have it or wait for it, so there is nobody to wake. */
		__clear_page_locked(page);
		free_hot_cold_page(page, 1);
		nr_reclaimed++;
		continue;

keep_locked:
		unlock_page(page);
keep:
		putback_lru_page(page);
	}
	return nr_reclaimed;
}

/*
 * Move the oldest pages of the LRU list to a list of the caller, each with one more
 * reference. Returns how many it has looked at.
 * Context: any; takes lru_lock.
 */
static unsigned long isolate_lru_pages(struct zone *zone, unsigned long nr_to_scan,
				       struct list_head *dst)
{
	unsigned long scan = 0;

	spin_lock_irq(&zone->lru_lock);
	for (; scan < nr_to_scan && !list_empty(&zone->inactive_file); scan++) {
		struct page *page = list_last_entry(&zone->inactive_file, struct page, lru);

		list_del(&page->lru);
		if (!get_page_unless_zero(page)) {
			/* It is being freed, and whoever frees it looks for it here. */
			list_add(&page->lru, &zone->inactive_file);
			continue;
		}
		__ClearPageLRU(page);
		list_add(&page->lru, dst);
	}
	spin_unlock_irq(&zone->lru_lock);
	return scan;
}

/* How many pages of files are on the LRU list. Context: any; takes lru_lock. */
//@ plumbing
static unsigned long zone_lru_pages(struct zone *zone)
{
	unsigned long nr = 0;
	struct list_head *entry;

	spin_lock_irq(&zone->lru_lock);
	list_for_each(entry, &zone->inactive_file)
		nr++;
	spin_unlock_irq(&zone->lru_lock);
	return nr;
}

/*
 * No frame is free: get some back, the oldest pages first. Returns how many.
 * Context: the caller could sleep, although nothing here does; it may hold page locks.
 */
unsigned long try_to_free_pages(void)
{
	struct zone *zone = &contig_zone;
	unsigned long left = zone_lru_pages(zone);
	unsigned long nr_reclaimed = 0;

	/* Stop at the first batch that gave something. */
	while (left > 0 && nr_reclaimed == 0) {
		LIST_HEAD(page_list);
		unsigned long scanned;

		scanned = isolate_lru_pages(zone, min(left, SWAP_CLUSTER_MAX), &page_list);
		if (scanned == 0)
			break;
		left -= scanned;
		nr_reclaimed = shrink_page_list(&page_list);
	}
	return nr_reclaimed;
}
