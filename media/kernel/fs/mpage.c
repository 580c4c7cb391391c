/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading pages of a file: neighbors on the disk go into one bio, and the end of a
 * bio unlocks its pages.
 *
 * Source: fs/mpage.c of Linux 2.6.36. Cut: blocks smaller than a page, buffers, writing.
 */
#include <linux/bitops.h>
#include <linux/blkdev.h>
#include <linux/errno.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mpage.h>
#include <linux/pagemap.h>

#define SECTORS_PER_PAGE	(PAGE_CACHE_SIZE / 512)

/*
 * A read is over. Every page becomes up to date, or gets the error mark, and is
 * unlocked in any case; who waits for one is woken. The last page comes first.
 * Context: the disk interrupt.
 */
static void mpage_end_io_read(struct bio *bio, int err)
{
	const int uptodate = test_bit(BIO_UPTODATE, &bio->bi_flags);
	int i;

	(void)err;
	for (i = bio->bi_vcnt - 1; i >= 0; i--) {
		struct page *page = bio->bi_io_vec[i].bv_page;

		if (uptodate) {
			SetPageUptodate(page);
		} else {
			ClearPageUptodate(page);
			SetPageError(page);
		}
		unlock_page(page);
	}
	bio_put(bio);
}

/* Send a bio on its way. Context: may sleep. */
static void mpage_bio_submit(struct bio *bio)
{
	bio->bi_end_io = mpage_end_io_read;
	submit_bio(READ, bio);
}

/*
 * Add a locked page to a bio, or start a new one if it does not fit. Returns the bio
 * to go on with. In a hole and behind the end of the file there is nothing to read: zeros.
 * Context: may sleep for memory; page lock held, taken over by the bio.
 */
static struct bio *do_mpage_readpage(struct bio *bio, struct page *page, unsigned int nr_pages,
				     get_block_t get_block)
{
	struct inode *inode = page->mapping->host;
	sector_t sector = get_block(inode, page->index);

	if (sector == SECTOR_HOLE ||
	    ((loff_t)page->index << PAGE_CACHE_SHIFT) >= i_size_read(inode)) {
		clear_highpage(page);
		SetPageUptodate(page);
		unlock_page(page);
		return bio;
	}

	/* Not the next one on the disk: what there is so far goes. */
	if (bio && bio->bi_sector + bio->bi_vcnt * SECTORS_PER_PAGE != sector) {
		mpage_bio_submit(bio);
		bio = NULL;
	}
	for (;;) {
		if (!bio) {
			bio = bio_alloc(GFP_KERNEL, nr_pages);
			if (!bio) {
				SetPageError(page);
				unlock_page(page);
				return NULL;
			}
			bio->bi_sector = sector;
		}
		if (bio_add_page(bio, page))
			return bio;
		mpage_bio_submit(bio);
		bio = NULL;
	}
}

/*
 * Read new pages of a file: add each to the cache, locked, and read them. The list
 * is in reverse order. Pages that are in the cache by now are left out.
 * Context: may sleep for memory, not for the data.
 */
int mpage_readpages(struct address_space *mapping, struct list_head *pages,
		    unsigned int nr_pages, get_block_t get_block)
{
	struct bio *bio = NULL;

	for (; nr_pages > 0 && !list_empty(pages); nr_pages--) {
		struct page *page = list_last_entry(pages, struct page, lru);

		list_del(&page->lru);
		if (!add_to_page_cache_lru(page, mapping, page->index, GFP_KERNEL))
			bio = do_mpage_readpage(bio, page, nr_pages, get_block);
		page_cache_release(page);
	}
	if (bio)
		mpage_bio_submit(bio);
	return 0;
}

/*
 * Read one locked page of the cache.
 * Context: may sleep for memory, not for the data; page lock held, unlocked when done.
 */
int mpage_readpage(struct page *page, get_block_t get_block)
{
	struct bio *bio = do_mpage_readpage(NULL, page, 1, get_block);

	if (bio)
		mpage_bio_submit(bio);
	return 0;
}
