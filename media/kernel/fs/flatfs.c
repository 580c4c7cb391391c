/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NON-KERNEL: the file system of this machine. Every file lies in one piece on the
 * disk, so a place in the file gives the place on the disk without reading any map.
 * It stands for ext2 with all its indirect blocks in memory.
 */
#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/mpage.h>
#include <linux/pagemap.h>

/* The first sector of a page. Context: any. */
//@ plumbing
static sector_t flatfs_get_block(struct inode *inode, pgoff_t index)
{
	return inode->sector + index * (PAGE_CACHE_SIZE / 512);
}

/* Start reading one page. Context: may sleep; page lock held, unlocked when done. */
static int flatfs_readpage(struct file *file, struct page *page)
{
	(void)file;
	return mpage_readpage(page, flatfs_get_block);
}

/* Start reading new pages. Context: may sleep for memory. */
static int flatfs_readpages(struct file *file, struct address_space *mapping,
			    struct list_head *pages, unsigned int nr_pages)
{
	(void)file;
	return mpage_readpages(mapping, pages, nr_pages, flatfs_get_block);
}

const struct address_space_operations flatfs_aops = {
	.readpage = flatfs_readpage,
	.readpages = flatfs_readpages,
	.sync_page = block_sync_page,
};
