/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bits of page->flags. They change by atomic operations, so the bits of one
 * word can belong to different owners: PG_locked to the holder of the page lock,
 * PG_uptodate to whoever fills the page, PG_lru to the LRU lists.
 */
#ifndef _LINUX_PAGE_FLAGS_H
#define _LINUX_PAGE_FLAGS_H

#include <linux/mm_types.h>
#include <asm/bitops.h>

enum pageflags {
	PG_locked,	/* the page lock */
	PG_error,	/* reading it failed */
	PG_referenced,
	PG_uptodate,	/* its content is valid */
	PG_dirty,	/* its content is newer than the disk's */
	PG_lru,		/* it is on an LRU list */
	PG_active,
	PG_reserved,	/* not for use: the kernel itself lies there */
	PG_readahead,	/* reading here should start the next window */
	PG_swapbacked,	/* anonymous */
	PG_hwpoison	/* the memory behind it is broken */
};

#define PageLocked(page)	test_bit(PG_locked, &(page)->flags)
#define PageError(page)		test_bit(PG_error, &(page)->flags)
#define SetPageError(page)	set_bit(PG_error, &(page)->flags)
#define ClearPageError(page)	clear_bit(PG_error, &(page)->flags)
#define SetPageReferenced(page)	set_bit(PG_referenced, &(page)->flags)
#define PageUptodate(page)	test_bit(PG_uptodate, &(page)->flags)
#define SetPageUptodate(page)	set_bit(PG_uptodate, &(page)->flags)
#define __SetPageUptodate(page)	__set_bit(PG_uptodate, &(page)->flags)
#define ClearPageUptodate(page)	clear_bit(PG_uptodate, &(page)->flags)
#define PageDirty(page)		test_bit(PG_dirty, &(page)->flags)
#define TestSetPageDirty(page)	test_and_set_bit(PG_dirty, &(page)->flags)
#define ClearPageDirty(page)	clear_bit(PG_dirty, &(page)->flags)
#define PageLRU(page)		test_bit(PG_lru, &(page)->flags)
#define SetPageLRU(page)	set_bit(PG_lru, &(page)->flags)
#define __ClearPageLRU(page)	__clear_bit(PG_lru, &(page)->flags)
#define PageReserved(page)	test_bit(PG_reserved, &(page)->flags)
#define __SetPageReserved(page)	__set_bit(PG_reserved, &(page)->flags)
#define PageReadahead(page)	test_bit(PG_readahead, &(page)->flags)
#define SetPageReadahead(page)	set_bit(PG_readahead, &(page)->flags)
#define ClearPageReadahead(page)	clear_bit(PG_readahead, &(page)->flags)
#define PageSwapBacked(page)	test_bit(PG_swapbacked, &(page)->flags)
#define SetPageSwapBacked(page)	set_bit(PG_swapbacked, &(page)->flags)
/* Memory breaks here only when a program says so: madvise(MADV_HWPOISON). */
#define PageHWPoison(page)	test_bit(PG_hwpoison, &(page)->flags)
#define SetPageHWPoison(page)	set_bit(PG_hwpoison, &(page)->flags)

/* Anonymous pages carry their anon_vma in `mapping`, with this bit set. */
#define PAGE_MAPPING_ANON	1
#define PageAnon(page)	(((unsigned long)(page)->mapping & PAGE_MAPPING_ANON) != 0)

#endif
