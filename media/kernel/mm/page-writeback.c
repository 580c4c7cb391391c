/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marking pages as newer than the disk. Writing them back is cut: dirty pages stay
 * in memory. Source: mm/page-writeback.c of Linux 2.6.36.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page-flags.h>

/*
 * Mark a page dirty: 1 if it was not.
 * Context: any; the caller holds the page lock or a PTE lock that keeps the page.
 */
int set_page_dirty(struct page *page)
{
	return !TestSetPageDirty(page);
}
