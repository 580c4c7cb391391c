/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading pages of a file with as few transfers as possible. */
#ifndef _LINUX_MPAGE_H
#define _LINUX_MPAGE_H

#include <linux/fs.h>
#include <linux/list.h>

/* In place of a sector: the page is not on the disk and reads as zeros. */
#define SECTOR_HOLE	((sector_t)-1)

/* Where page `index` of a file lies on the disk: its first sector. */
typedef sector_t (get_block_t)(struct inode *inode, pgoff_t index);

/* fs/mpage.c */
int mpage_readpage(struct page *page, get_block_t get_block);
int mpage_readpages(struct address_space *mapping, struct list_head *pages,
		    unsigned int nr_pages, get_block_t get_block);

#endif
