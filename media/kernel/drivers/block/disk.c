/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NON-KERNEL: the driver of the machine's disk. It gives every queued request to the
 * disk at once; the disk works on them in that order and raises one interrupt for
 * each. It stands for a SATA driver with command queueing.
 */
#include <linux/blkdev.h>
#include <linux/kernel.h>
#include <linux/list.h>

struct request_queue disk_queue;

/*
 * The queue has requests and no plug: give them to the disk.
 * Context: queue_lock held, interrupts off.
 */
static void disk_request_fn(struct request_queue *q)
{
	while (!list_empty(&q->queue_head)) {
		struct request *rq = list_first_entry(&q->queue_head, struct request, queuelist);

		list_del(&rq->queuelist);
		q->nr_queued--;
		fl_disk_submit(rq->bio->bi_sector, rq->frames, rq->bio->bi_vcnt,
			       (unsigned long)rq);
	}
}

/*
 * The disk has something to say: end all requests that are done.
 * Context: the disk interrupt.
 */
void disk_interrupt(void)
{
	struct request *rq;
	int error;

	for (;;) {
		rq = (struct request *)fl_disk_completed(&error);
		if (!rq)
			break;
		blk_end_request_all(rq, error);
	}
}

/* Begin with the disk. Context: boot. */
void disk_init(unsigned long readahead_pages)
{
	blk_init_queue(&disk_queue, disk_request_fn);
	disk_queue.backing_dev_info.ra_pages = readahead_pages;
}
