/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making a file shorter: the pages behind the new end leave the page tables and the
 * page cache.
 *
 * The order is what makes it safe against page faults, which look at the size again
 * under the page lock. First the new size is set, then pages are locked one by one.
 * A fault that locks a page before us sees the new size, or maps the page and is
 * unmapped by us; one that comes after us finds a page that has left the file.
 *
 * Source: mm/truncate.c of Linux 2.6.36. Cut: batches of pages (pagevecs), the file
 * system's part, buffers, waiting for the end of write-back, i_mutex (it keeps two
 * truncations of one file apart; here the page locks have to do).
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/page-flags.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/syscalls.h>

/*
 * Take a page out of its file; its content is lost. -EIO if it has left the file
 * already.
 * Context: page lock held, the page is not mapped; takes tree_lock.
 */
static int truncate_complete_page(struct address_space *mapping, struct page *page)
{
	if (page->mapping != mapping)
		return -EIO;
	ClearPageDirty(page);
	//@ anchor page_truncated : A page leaves its file: it has no mapping from here on
	//@ note Its memory lives on while anybody has a reference. Whoever locks it next must look whether it still belongs to the file.
	remove_from_page_cache(page);
	return 0;
}

/*
 * The same for a page that may be mapped.
 * Context: page lock held; takes i_mmap_lock, PTE locks, tree_lock.
 */
static int truncate_inode_page(struct address_space *mapping, struct page *page)
{
	if (page_mapped(page))
		unmap_mapping_range(mapping, (loff_t)page->index << PAGE_CACHE_SHIFT,
				    PAGE_CACHE_SIZE);
	return truncate_complete_page(mapping, page);
}

/* Fill the end of the last page with zeros. Context: may sleep. */
static void truncate_partial_page(struct address_space *mapping, loff_t lstart)
{
	unsigned long offset = (unsigned long)lstart & (PAGE_CACHE_SIZE - 1);
	struct page *page;

	if (!offset)
		return;
	page = find_lock_page(mapping, (pgoff_t)(lstart >> PAGE_CACHE_SHIFT));
	if (!page)
		return;
	memset((char *)page_address(page) + offset, 0, PAGE_CACHE_SIZE - offset);
	unlock_page(page);
	page_cache_release(page);
}

/*
 * Take all pages from an offset on out of a file. The first pass takes what it can
 * get without waiting, the second one waits for the rest: a page that is being read
 * stays locked until the disk has answered.
 * Context: sleeps. The caller has set the size, so that no fault maps new pages.
 */
void truncate_inode_pages(struct address_space *mapping, loff_t lstart)
{
	pgoff_t start = (pgoff_t)((lstart + PAGE_CACHE_SIZE - 1) >> PAGE_CACHE_SHIFT);
	struct page *page;
	pgoff_t next;

	//@ racy mapping->nrpages : pages that come later lie within the new size
	if (mapping->nrpages == 0)
		return;

	//@ anchor truncate_try : Truncation, first pass: no waiting
	for (next = start; (page = find_next_page(mapping, next)) != NULL;) {
		//@ racy page->index : it may be leaving the file; the second pass looks at every page with its lock held
		next = page->index + 1;
		if (trylock_page(page)) {
			truncate_inode_page(mapping, page);
			unlock_page(page);
		}
		page_cache_release(page);
	}

	truncate_partial_page(mapping, lstart);

	//@ anchor truncate_wait : Truncation, second pass: it waits for the pages that were locked
	for (next = start;;) {
		page = find_next_page(mapping, next);
		if (!page) {
			/* Faults that had seen the old size may have made new pages. */
			if (next == start)
				break;
			next = start;
			continue;
		}
		lock_page(page);
		/* Its index is stable only under its lock, and only while it is in the file. */
		if (page->mapping == mapping)
			next = page->index + 1;
		truncate_inode_page(mapping, page);
		unlock_page(page);
		page_cache_release(page);
	}
}

/*
 * The size of a file has become smaller: unmap and forget what lies behind.
 * Context: sleeps; the new size has been set.
 */
void truncate_pagecache(struct inode *inode, loff_t new)
{
	struct address_space *mapping = inode->i_mapping;
	loff_t holebegin = (new + PAGE_SIZE - 1) & ~(loff_t)(PAGE_SIZE - 1);

	/*
	 * Unmapping all at once is only quicker than page by page. The second time is
	 * for private copies: a fault may have made one of a page that has left since.
	 */
	unmap_mapping_range(mapping, holebegin, 0);
	truncate_inode_pages(mapping, new);
	unmap_mapping_range(mapping, holebegin, 0);
}

/*
 * Change the size of a file, in memory only.
 * Context: sleeps; no locks held.
 */
void truncate_setsize(struct inode *inode, loff_t newsize)
{
	loff_t oldsize = i_size_read(inode);

	//@ anchor truncate_size : The size of the file changes
	//@ note From this statement on every fault behind the new end fails, even if its page is still in memory.
	i_size_write(inode, newsize);
	if (newsize < oldsize)
		truncate_pagecache(inode, newsize);
}

/* The system call ftruncate. Context: system call; sleeps. */
long sys_ftruncate(unsigned int fd, unsigned long length)
{
	struct file *file = fget(fd);
	struct inode *inode;
	long error = -EINVAL;

	if (!file)
		return -EBADF;
	inode = file->f_mapping->host;
	/* NON-KERNEL: a file cannot grow, it has no more room on the disk. */
	if ((file->f_mode & FMODE_WRITE) && (loff_t)length <= inode->i_size) {
		truncate_setsize(inode, (loff_t)length);
		file_update_time(file);
		error = 0;
	}
	fput(file);
	return error;
}
