/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inodes: a file on the disk and its pages in memory. They exist as long as the
 * machine runs; names, links, permissions and times other than the last change are
 * cut.
 *
 * Source: fs/inode.c of Linux 2.6.36.
 */
#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/slab.h>

/* A new inode without pages; NULL without memory. Context: boot. */
struct inode *new_inode(const char *name, loff_t size, sector_t sector)
{
	struct inode *inode = kzalloc(sizeof(*inode), GFP_KERNEL);
	struct address_space *mapping;

	if (!inode)
		return NULL;
	inode->name = name;
	inode->i_size = size;
	inode->sector = sector;
	inode->i_fop = &generic_file_operations;

	mapping = &inode->i_data;
	mapping->host = inode;
	mapping->a_ops = &flatfs_aops;
	mapping->backing_dev_info = &disk_queue.backing_dev_info;
	spin_lock_init(&mapping->tree_lock);
	spin_lock_init(&mapping->i_mmap_lock);
	INIT_LIST_HEAD(&mapping->i_mmap);
	inode->i_mapping = mapping;
	return inode;
}

/* The content is being changed: note when. Context: may sleep. */
void file_update_time(struct file *file)
{
	file->f_mapping->host->i_mtime = fl_clock_us();
}
