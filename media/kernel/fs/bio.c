/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bios: one transfer of whole pages that lie one after the other on the disk.
 *
 * While pages are in a bio their locks belong to the transfer, not to a task: the
 * interrupt that ends it unlocks them. Annotations move the ownership here.
 *
 * Source: fs/bio.c of Linux 2.6.36. Cut: pools, cloning, splitting, parts of pages.
 */
#include <linux/bitops.h>
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/page-flags.h>
#include <linux/slab.h>

/* A bio with room for some pages, BIO_MAX_PAGES at most; NULL without memory. Context: any. */
struct bio *bio_alloc(gfp_t gfp_mask, unsigned int nr_vecs)
{
	struct bio *bio = kzalloc(sizeof(*bio), gfp_mask);

	if (!bio)
		return NULL;
	bio->bi_max_vecs = (unsigned short)min_t(unsigned int, nr_vecs, BIO_MAX_PAGES);
	bio->bi_flags = 1UL << BIO_UPTODATE;
	return bio;
}

/* Free a bio. Linux counts its users; here there is one. Context: any. */
void bio_put(struct bio *bio)
{
	kfree(bio);
}

/*
 * Add the next page; the bio takes over its lock. Returns the bytes that were added,
 * 0 if it is full.
 * Context: any; the caller holds the page lock and has no more to do with it.
 */
int bio_add_page(struct bio *bio, struct page *page)
{
	if (bio->bi_vcnt >= bio->bi_max_vecs)
		return 0;
	bio->bi_io_vec[bio->bi_vcnt++].bv_page = page;
	//@ drop &page->flags
	//@ acquire write &page->flags for io
	return (int)PAGE_SIZE;
}

/*
 * The reverse, for a bio that cannot go to its device: the page locks are the caller's again.
 * Context: any.
 */
void bio_give_back_pages(struct bio *bio)
{
	int i;

	for (i = 0; i < bio->bi_vcnt; i++) {
		//@ drop &bio->bi_io_vec[i].bv_page->flags for io
		//@ acquire write &bio->bi_io_vec[i].bv_page->flags
	}
}

/*
 * A transfer is over: tell the one who wanted it. `error` is 0 or negative.
 * Context: the disk interrupt.
 */
void bio_endio(struct bio *bio, int error)
{
	if (error)
		clear_bit(BIO_UPTODATE, &bio->bi_flags);
	if (bio->bi_end_io)
		bio->bi_end_io(bio, error);
}
