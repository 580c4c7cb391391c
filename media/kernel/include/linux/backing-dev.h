/* SPDX-License-Identifier: GPL-2.0-only */
/* What the page cache knows of the device behind a file. */
#ifndef _LINUX_BACKING_DEV_H
#define _LINUX_BACKING_DEV_H

struct page;

struct backing_dev_info {
	unsigned long ra_pages;		/* largest readahead, in pages */
	/* Get plugged requests going, for somebody who waits for this page. */
	void (*unplug_io_fn)(struct backing_dev_info *bdi, struct page *page);
	void *unplug_io_data;
};

#endif
