/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page cache: finding and adding pages, the page lock, and waiting for it.
 *
 * A page of a file is filled under its lock: it enters the cache locked and not
 * up to date, the read is started, and whoever completes the read unlocks it. So
 * to lock a page, or to wait until it is unlocked, is to wait for the disk.
 *
 * Lock order: mmap_sem, then the page lock, then the PTE lock.
 */
#ifndef _LINUX_PAGEMAP_H
#define _LINUX_PAGEMAP_H

#include <linux/fs.h>
#include <linux/mm.h>

#define PAGE_CACHE_SHIFT	PAGE_SHIFT
#define PAGE_CACHE_SIZE		PAGE_SIZE
#define PAGE_CACHE_MASK		PAGE_MASK

/* References to pages of the cache are ordinary references. */
#define page_cache_get(page)		get_page(page)
#define page_cache_release(page)	put_page(page)
#define page_cache_get_speculative(page)	get_page_unless_zero(page)
#define page_cache_alloc_cold(mapping)	alloc_page(GFP_HIGHUSER_MOVABLE)

/* mm/filemap.c */
struct page *find_get_page(struct address_space *mapping, pgoff_t offset);
struct page *find_next_page(struct address_space *mapping, pgoff_t start);
struct page *find_lock_page(struct address_space *mapping, pgoff_t offset);
int add_to_page_cache_locked(struct page *page, struct address_space *mapping,
			     pgoff_t offset, gfp_t gfp_mask);
int add_to_page_cache_lru(struct page *page, struct address_space *mapping,
			  pgoff_t offset, gfp_t gfp_mask);
void remove_from_page_cache(struct page *page);
void __remove_from_page_cache(struct page *page);
void __lock_page(struct page *page);
void unlock_page(struct page *page);
void wait_on_page_bit(struct page *page, int bit_nr);
int filemap_fault(struct vm_area_struct *vma, struct vm_fault *vmf);

/* mm/truncate.c */
void truncate_inode_pages(struct address_space *mapping, loff_t lstart);
void truncate_pagecache(struct inode *inode, loff_t new);
void truncate_setsize(struct inode *inode, loff_t newsize);

/* mm/readahead.c */
unsigned long max_sane_readahead(unsigned long nr);
unsigned long ra_submit(struct file_ra_state *ra, struct address_space *mapping,
			struct file *filp);
void page_cache_sync_readahead(struct address_space *mapping, struct file_ra_state *ra,
			       struct file *filp, pgoff_t offset, unsigned long req_size);
void page_cache_async_readahead(struct address_space *mapping, struct file_ra_state *ra,
				struct file *filp, struct page *page, pgoff_t offset,
				unsigned long req_size);

/*
 * Lock a page that nobody else can see yet.
 * Context: any; the page is new. Locked on return.
 */
static inline void __set_page_locked(struct page *page)
{
	__set_bit(PG_locked, &page->flags);
	//@ acquire write &page->flags
}

/*
 * Undo that, when the page did not become visible after all.
 * Context: any; the caller holds the page lock.
 */
static inline void __clear_page_locked(struct page *page)
{
	__clear_bit(PG_locked, &page->flags);
	//@ drop &page->flags
}

/*
 * Try to lock a page: 1 for success.
 * Context: never sleeps; page locked if the result is 1.
 */
static inline int __must_check trylock_page(struct page *page)
{
	if (test_and_set_bit_lock(PG_locked, &page->flags))
		return 0;
	//@ acquire write &page->flags
	return 1;
}

/*
 * Lock a page; if it is being read, that waits for the disk.
 * Context: may sleep; page locked on return. The caller has a reference.
 */
static inline void lock_page(struct page *page)
{
	might_sleep();
	if (!trylock_page(page))
		__lock_page(page);
}

/*
 * Wait until a page is unlocked, without locking it: it may be locked again by
 * the time this returns.
 * Context: may sleep; the caller has a reference and not the lock.
 */
static inline void wait_on_page_locked(struct page *page)
{
	if (PageLocked(page))
		wait_on_page_bit(page, PG_locked);
}

/*
 * If a page has exactly so many references, make it none, in one step: nobody can get
 * one any more. True if it worked.
 * Context: page lock held. The references are the cache's and the caller's.
 */
static inline int page_freeze_refs(struct page *page, int count)
{
	if (atomic_cmpxchg(&page->_count, count, 0) != count)
		return 0;
	//@ put page for cache
	//@ put page
	return 1;
}

/* The page of a file that a linear mapping shows at an address. Context: mmap_sem held. */
//@ plumbing
static inline pgoff_t linear_page_index(struct vm_area_struct *vma, unsigned long address)
{
	return ((address - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
}

#endif
