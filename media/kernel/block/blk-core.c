/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The request queue: from bios to requests to the driver. An idle queue is plugged by
 * its first request and holds requests back; the fourth request, a timer after three
 * milliseconds, or a task that is about to wait for a page takes the plug out.
 *
 * Source: block/blk-core.c and blk-settings.c of Linux 2.6.36. Cut: the elevator
 * (merging, sorting), several queues, barriers, accounting, request limits.
 */
#include <linux/bitops.h>
#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmstat.h>

#define UNPLUG_THRESH		4
#define UNPLUG_DELAY_NS		3000000

/*
 * Hold requests back from now on, until the timer ends it at the latest.
 * Context: queue_lock held, interrupts off.
 */
void blk_plug_device(struct request_queue *q)
{
	if (!test_and_set_bit(QUEUE_FLAG_PLUGGED, &q->queue_flags))
		mod_timer(&q->unplug_timer, q->unplug_delay);
}

/* Take the plug out: 1 if there was one. Context: queue_lock held, interrupts off. */
int blk_remove_plug(struct request_queue *q)
{
	if (!test_and_clear_bit(QUEUE_FLAG_PLUGGED, &q->queue_flags))
		return 0;
	del_timer(&q->unplug_timer);
	return 1;
}

/* The same, and let the driver begin. Context: queue_lock held, interrupts off. */
void __generic_unplug_device(struct request_queue *q)
{
	if (blk_remove_plug(q))
		q->request_fn(q);
}

/* The same with the lock. Context: any; takes queue_lock. */
void generic_unplug_device(struct request_queue *q)
{
	unsigned long flags;

	spin_lock_irqsave(&q->queue_lock, flags);
	__generic_unplug_device(q);
	spin_unlock_irqrestore(&q->queue_lock, flags);
}

/* Get held-back requests going. Context: any. */
void blk_unplug(struct request_queue *q)
{
	if (q->unplug_fn)
		q->unplug_fn(q);
}

/* Three milliseconds are over. Context: the timer interrupt. */
static void blk_unplug_timeout(unsigned long data)
{
	blk_unplug((struct request_queue *)data);
}

/* Somebody is about to wait for a page behind this queue. Context: any. */
static void blk_backing_dev_unplug(struct backing_dev_info *bdi, struct page *page)
{
	(void)page;
	blk_unplug(bdi->unplug_io_data);
}

/*
 * Somebody is about to sleep on a page of a file: get its read going. Without this it
 * might wait for the timer.
 * Context: any; the page may be leaving its file.
 */
void block_sync_page(struct page *page)
{
	struct address_space *mapping = page_mapping(page);

	if (mapping && mapping->backing_dev_info->unplug_io_fn)
		mapping->backing_dev_info->unplug_io_fn(mapping->backing_dev_info, page);
}

/* Make an empty queue for a driver. Context: boot. */
void blk_init_queue(struct request_queue *q, void (*request_fn)(struct request_queue *q))
{
	spin_lock_init(&q->queue_lock);
	INIT_LIST_HEAD(&q->queue_head);
	q->nr_queued = 0;
	q->queue_flags = 0;
	q->unplug_thresh = UNPLUG_THRESH;
	q->unplug_delay = UNPLUG_DELAY_NS;
	q->request_fn = request_fn;
	q->unplug_fn = generic_unplug_device;
	setup_timer(&q->unplug_timer, blk_unplug_timeout, (unsigned long)q);
	q->backing_dev_info.unplug_io_fn = blk_backing_dev_unplug;
	q->backing_dev_info.unplug_io_data = q;
}

/*
 * Make a request of a bio and queue it. The first one plugs the queue.
 * Context: may sleep for memory; takes queue_lock.
 */
static int __make_request(struct request_queue *q, struct bio *bio)
{
	struct request *rq = kmalloc(sizeof(*rq), GFP_NOFS);
	unsigned long flags;
	int i;

	if (!rq) {
		/* No interrupt will end it. */
		bio_give_back_pages(bio);
		bio_endio(bio, -ENOMEM);
		return 0;
	}
	rq->q = q;
	rq->bio = bio;
	for (i = 0; i < bio->bi_vcnt; i++)
		rq->frames[i] = page_to_phys(bio->bi_io_vec[i].bv_page);

	spin_lock_irqsave(&q->queue_lock, flags);
	if (list_empty(&q->queue_head))
		blk_plug_device(q);
	list_add_tail(&rq->queuelist, &q->queue_head);
	if (++q->nr_queued >= q->unplug_thresh)
		__generic_unplug_device(q);
	spin_unlock_irqrestore(&q->queue_lock, flags);
	return 0;
}

/*
 * A bio goes to its device. Its end is told by bi_end_io, in the disk interrupt.
 * Context: may sleep for memory.
 */
void submit_bio(int rw, struct bio *bio)
{
	int i;

	BUG_ON(rw != READ);
	BUG_ON(bio->bi_vcnt == 0);
	for (i = 0; i < bio->bi_vcnt; i++)
		count_vm_event(PGPGIN);
	__make_request(&disk_queue, bio);
}

/* A request is done, well or not. Context: the disk interrupt. */
void blk_end_request_all(struct request *rq, int error)
{
	struct bio *bio = rq->bio;

	kfree(rq);
	bio_endio(bio, error);
}
