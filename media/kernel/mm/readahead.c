/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Readahead: putting pages into the cache before anybody asks for them. It starts
 * reads and never waits for one: the new pages are locked until their data is
 * there.
 *
 * Source: mm/readahead.c of Linux 2.6.36. Cut: force_page_cache_readahead() and the
 * system call, congestion, the inactive pages in max_sane_readahead().
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/pagemap.h>
#include <linux/radix-tree.h>
#include <linux/rcupdate.h>
#include <linux/vmstat.h>

/* Begin to remember accesses of an open file. Context: the file is new. */
void file_ra_state_init(struct file_ra_state *ra, struct address_space *mapping)
{
	ra->ra_pages = (unsigned int)mapping->backing_dev_info->ra_pages;
	ra->prev_pos = -1;
}

/* Not more than half of the memory that is free. Context: any. */
unsigned long max_sane_readahead(unsigned long nr)
{
	return min(nr, nr_free_pages() / 2);
}

/*
 * Give back the pages of a list that nobody wanted.
 * Context: any; the list is the caller's.
 */
static void put_pages_list(struct list_head *pages)
{
	while (!list_empty(pages)) {
		struct page *victim = list_last_entry(pages, struct page, lru);

		list_del(&victim->lru);
		page_cache_release(victim);
	}
}

/*
 * Hand new pages to the file system, which adds them to the cache and starts the
 * reads.
 * Context: may sleep for memory, not for the data.
 */
static int read_pages(struct address_space *mapping, struct file *filp,
		      struct list_head *pages, unsigned int nr_pages)
{
	int ret = mapping->a_ops->readpages(filp, mapping, pages, nr_pages);

	put_pages_list(pages);
	return ret;
}

/*
 * Get all pages of a window that are not in the cache, and start reading them.
 * First all memory, then all reads: so the reads come close together. The page
 * `lookahead_size` before the end gets a mark; who meets it starts the next window.
 * Context: may sleep for memory, not for the data. Returns the number of pages.
 */
//@ cost readahead_submit
static int __do_page_cache_readahead(struct address_space *mapping, struct file *filp,
				     pgoff_t offset, unsigned long nr_to_read,
				     unsigned long lookahead_size)
{
	struct inode *inode = mapping->host;
	loff_t isize = i_size_read(inode);
	LIST_HEAD(page_pool);
	unsigned long page_idx;
	pgoff_t end_index;
	int ret = 0;

	if (isize == 0)
		return 0;
	end_index = (isize - 1) >> PAGE_CACHE_SHIFT;

	for (page_idx = 0; page_idx < nr_to_read; page_idx++) {
		pgoff_t page_offset = offset + page_idx;
		struct page *page;

		if (page_offset > end_index)
			break;
		if (radix_tree_lookup(&mapping->page_tree, page_offset))
			continue;

		page = page_cache_alloc_cold(mapping);
		if (!page)
			break;
		page->index = page_offset;
		list_add(&page->lru, &page_pool);
		if (page_idx == nr_to_read - lookahead_size)
			SetPageReadahead(page);
		ret++;
	}

	if (ret)
		read_pages(mapping, filp, &page_pool, (unsigned int)ret);
	BUG_ON(!list_empty(&page_pool));
	return ret;
}

/* Start the reads of the window that `ra` describes. Context: may sleep for memory. */
unsigned long ra_submit(struct file_ra_state *ra, struct address_space *mapping,
			struct file *filp)
{
	int actual;

	//@ anchor read_started
	actual = __do_page_cache_readahead(mapping, filp, ra->start, ra->size, ra->async_size);
	return (unsigned long)actual;
}

/*
 * The first window of a stream: two or four times what was asked for.
 * Context: any. Sizes in pages.
 */
static unsigned long get_init_ra_size(unsigned long size, unsigned long limit)
{
	unsigned long newsize = 1;

	while (newsize < size)
		newsize *= 2;
	if (newsize <= limit / 32)
		return newsize * 4;
	if (newsize <= limit / 4)
		return newsize * 2;
	return limit;
}

/* The window after this one: larger, up to the limit. Context: any. Sizes in pages. */
static unsigned long get_next_ra_size(struct file_ra_state *ra, unsigned long limit)
{
	unsigned long current_size = ra->size;
	unsigned long newsize;

	if (current_size < limit / 16)
		newsize = 4 * current_size;
	else
		newsize = 2 * current_size;
	return min(newsize, limit);
}

/*
 * How many pages right before `offset` are in the cache: what a stream leaves behind.
 * Context: any. At most `limit`.
 */
static pgoff_t count_history_pages(struct address_space *mapping, pgoff_t offset,
				   unsigned long limit)
{
	pgoff_t hole;

	rcu_read_lock();
	hole = radix_tree_prev_hole(&mapping->page_tree, offset - 1, limit);
	rcu_read_unlock();
	return offset - 1 - hole;
}

/*
 * Look in the cache for a stream that `ra` does not know of, and begin a window for it:
 * 1 if there is one. The longer its trace, the larger the window.
 * Context: any; starts no read.
 */
static int try_context_readahead(struct address_space *mapping, struct file_ra_state *ra,
				 pgoff_t offset, unsigned long req_size, unsigned long limit)
{
	pgoff_t size = count_history_pages(mapping, offset, limit);

	if (!size)
		return 0;
	/* It has come all the way from the start of the file: it will go on. */
	if (size >= offset)
		size *= 2;
	ra->start = offset;
	ra->size = (unsigned int)get_init_ra_size(size + req_size, limit);
	ra->async_size = ra->size;
	return 1;
}

/*
 * Decide on a window and start it: the first one of a stream, the next one, or just
 * what was asked for.
 * Context: may sleep for memory, not for the data.
 */
static unsigned long ondemand_readahead(struct address_space *mapping, struct file_ra_state *ra,
					struct file *filp, int hit_readahead_marker,
					pgoff_t offset, unsigned long req_size)
{
	unsigned long limit = max_sane_readahead(ra->ra_pages);

	if (offset == 0)
		goto initial_readahead;

	/* Where the current window or its mark said that the stream would come. */
	if (offset == ra->start + ra->size - ra->async_size ||
	    offset == ra->start + ra->size) {
		ra->start += ra->size;
		ra->size = (unsigned int)get_next_ra_size(ra, limit);
		ra->async_size = ra->size;
		goto readit;
	}

	/*
	 * A mark, but not of this window: another stream. What is in the cache behind the
	 * mark tells how large its window was.
	 */
	if (hit_readahead_marker) {
		pgoff_t start;

		rcu_read_lock();
		start = radix_tree_next_hole(&mapping->page_tree, offset + 1, limit);
		rcu_read_unlock();
		if (!start || start - offset > limit)
			return 0;
		ra->start = start;
		ra->size = (unsigned int)(start - offset + req_size);
		ra->size = (unsigned int)get_next_ra_size(ra, limit);
		ra->async_size = ra->size;
		goto readit;
	}

	/* More than a window at once, or right behind the last access: a new stream. */
	if (req_size > limit || (loff_t)offset - (ra->prev_pos >> PAGE_CACHE_SHIFT) <= 1)
		goto initial_readahead;

	if (try_context_readahead(mapping, ra, offset, req_size, limit))
		goto readit;

	/* A small random read: this, and no more. */
	return (unsigned long)__do_page_cache_readahead(mapping, filp, offset, req_size, 0);

initial_readahead:
	ra->start = offset;
	ra->size = (unsigned int)get_init_ra_size(req_size, limit);
	ra->async_size = ra->size > req_size ? (unsigned int)(ra->size - req_size) : ra->size;

readit:
	/*
	 * The mark would be on the very page that is wanted now. Do at once what meeting
	 * it would do: add the next window to this one, and mark the first page of that.
	 */
	if (offset == ra->start && ra->size == ra->async_size) {
		ra->async_size = (unsigned int)get_next_ra_size(ra, limit);
		ra->size += ra->async_size;
	}
	return ra_submit(ra, mapping, filp);
}

/*
 * A page was wanted and is not in the cache: read it, and more with it.
 * Context: may sleep for memory, not for the data.
 */
void page_cache_sync_readahead(struct address_space *mapping, struct file_ra_state *ra,
			       struct file *filp, pgoff_t offset, unsigned long req_size)
{
	if (!ra->ra_pages)
		return;
	ondemand_readahead(mapping, ra, filp, 0, offset, req_size);
}

/*
 * A page with the readahead mark was used: start the next window in time.
 * Context: may sleep for memory, not for the data.
 */
void page_cache_async_readahead(struct address_space *mapping, struct file_ra_state *ra,
				struct file *filp, struct page *page, pgoff_t offset,
				unsigned long req_size)
{
	if (!ra->ra_pages)
		return;
	ClearPageReadahead(page);
	ondemand_readahead(mapping, ra, filp, 1, offset, req_size);
}
