/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marking pages as newer than the disk, and slowing those down who do it too fast.
 * Writing them back is cut: dirty pages stay in memory, and so nobody ever has to wait.
 * Source: mm/page-writeback.c of Linux 2.6.36.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/sched.h>
#include <linux/vmstat.h>

/*
 * Mark a page dirty: 1 if it was not.
 * Context: any; the caller holds the page lock or a PTE lock that keeps the page.
 */
int set_page_dirty(struct page *page)
{
	return !TestSetPageDirty(page);
}

/*
 * A task has dirtied a page of a file. Linux counts, and lets one call in many write
 * pages back and sleep until enough of them are clean. Here it only counts: the price is
 * that of the many calls that do not have to wait.
 * Context: may sleep; faults call it with mmap_sem held for reading.
 */
//@ cost balance_dirty
void balance_dirty_pages_ratelimited(struct address_space *mapping)
{
	(void)mapping;
	might_sleep();
	count_vm_event(PGDIRTIED);
}

/*
 * Mark a page dirty whose PTE has become writable; the writer is slowed down if it was
 * not dirty before, or if the file system was asked.
 * Context: may sleep; the caller has a reference.
 */
void set_page_dirty_balance(struct page *page, int page_mkwrite)
{
	if (set_page_dirty(page) || page_mkwrite) {
		struct address_space *mapping = page_mapping(page);

		if (mapping)
			balance_dirty_pages_ratelimited(mapping);
	}
}
