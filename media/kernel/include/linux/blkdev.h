/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The block layer: a bio is one transfer that a file system wants, a request is
 * what the driver gets, a queue keeps requests until it is unplugged. Requests are
 * held back ("plugged") for a moment so that more of them can come together; four
 * requests, three milliseconds or a task that is about to wait end that.
 *
 * Cut: merging and sorting of requests (elevator), partitions, several devices,
 * writing.
 */
#ifndef _LINUX_BLKDEV_H
#define _LINUX_BLKDEV_H

#include <linux/backing-dev.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/types.h>

struct bio;
struct page;

typedef void (bio_end_io_t)(struct bio *bio, int error);

#define BIO_MAX_PAGES	64
#define BIO_UPTODATE	0	/* bit of bi_flags: the transfer worked */

/* One page of a transfer. Always a whole page here. */
struct bio_vec {
	struct page *bv_page;
};

struct bio {
	sector_t bi_sector;		/* where on the disk */
	unsigned long bi_flags;
	unsigned short bi_vcnt;		/* pages so far */
	unsigned short bi_max_vecs;
	bio_end_io_t *bi_end_io;	/* called in the disk interrupt */
	void *bi_private;
	struct bio_vec bi_io_vec[BIO_MAX_PAGES];
};

struct request {
	struct list_head queuelist;	/* in queue_head, under queue_lock */
	struct request_queue *q;
	struct bio *bio;
	unsigned long frames[BIO_MAX_PAGES];	/* physical addresses, for the disk */
};

#define QUEUE_FLAG_PLUGGED	7

struct request_queue {
	spinlock_t queue_lock;		/* guards all of it */
	struct list_head queue_head;	/* requests that the driver has not seen */
	unsigned int nr_queued;
	unsigned long queue_flags;
	unsigned int unplug_thresh;	/* so many requests end the plugging */
	unsigned long unplug_delay;	/* nanoseconds until the timer ends it */
	struct timer_list unplug_timer;
	void (*request_fn)(struct request_queue *q);
	void (*unplug_fn)(struct request_queue *q);
	struct backing_dev_info backing_dev_info;
};

/* fs/bio.c */
struct bio *bio_alloc(gfp_t gfp_mask, unsigned int nr_vecs);
void bio_put(struct bio *bio);
int bio_add_page(struct bio *bio, struct page *page);
void bio_give_back_pages(struct bio *bio);
void bio_endio(struct bio *bio, int error);

/* block/blk-core.c */
void submit_bio(int rw, struct bio *bio);
void blk_plug_device(struct request_queue *q);
int blk_remove_plug(struct request_queue *q);
void __generic_unplug_device(struct request_queue *q);
void generic_unplug_device(struct request_queue *q);
void blk_unplug(struct request_queue *q);
void blk_init_queue(struct request_queue *q, void (*request_fn)(struct request_queue *q));
void blk_end_request_all(struct request *rq, int error);
void block_sync_page(struct page *page);

/* drivers/block/disk.c */
extern struct request_queue disk_queue;
void disk_init(unsigned long readahead_pages);
void disk_interrupt(void);

#endif
