/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files as the page cache sees them: the inode (one per file on the disk), its
 * address_space (the cached pages of that file) and struct file (one per open).
 *
 * Cut: names and directories, permissions, file locks, writing back.
 */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

#include <linux/backing-dev.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/radix-tree.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <asm/atomic.h>

struct address_space;
struct file;
struct file_operations;
struct inode;
struct page;
struct vm_area_struct;

#define READ	0
#define FMODE_READ	0x1u
#define FMODE_WRITE	0x2u

/* What a file system does for its pages. */
struct address_space_operations {
	/* Start reading one locked page; unlocks it when done. Context: may sleep. */
	int (*readpage)(struct file *file, struct page *page);
	/* Start reading new pages of a list. Context: may sleep. */
	int (*readpages)(struct file *file, struct address_space *mapping,
			 struct list_head *pages, unsigned int nr_pages);
	/* Somebody is about to sleep on this page: get its read going. */
	void (*sync_page)(struct page *page);
};

struct address_space {
	struct inode *host;
	struct radix_tree_root page_tree;	/* the pages, by index */
	spinlock_t tree_lock;			/* guards page_tree and nrpages */
	//@ guard nrpages read by tree_lock write by tree_lock
	unsigned long nrpages;
	spinlock_t i_mmap_lock;			/* guards i_mmap */
	struct list_head i_mmap;		/* VMAs that map the file */
	const struct address_space_operations *a_ops;
	struct backing_dev_info *backing_dev_info;
};

struct inode {
	loff_t i_size;			/* bytes */
	unsigned long i_mtime;		/* microseconds of virtual time */
	struct address_space *i_mapping;
	struct address_space i_data;
	const struct file_operations *i_fop;	/* of those who open it */
	sector_t sector;		/* page i lies at sector + 8 * i */
	const u32 *holes;		/* pages that are not on the disk, in order */
	u32 nr_holes;
	const char *name;		/* NON-KERNEL: its name in the scenario */
};

/* What readahead remembers about one open file. */
struct file_ra_state {
	pgoff_t start;			/* window: first page */
	unsigned int size;		/* window: pages */
	unsigned int async_size;	/* start the next one this far before the end */
	unsigned int ra_pages;		/* largest window */
	//@ racy mmap_miss : faults of several tasks count at once, under mmap_sem for reading; a lost count only makes a guess worse
	unsigned int mmap_miss;		/* page faults that missed the cache lately */
	loff_t prev_pos;		/* byte position of the last access, or -1 */
};

struct file_operations {
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
};

struct file {
	atomic_t f_count;
	fmode_t f_mode;
	const struct file_operations *f_op;
	loff_t f_pos;			/* where read() and write() go on */
	struct file_ra_state f_ra;
	struct address_space *f_mapping;
};

/* The size of a file in bytes. Context: any; under the page lock it is stable for that page. */
//@ plumbing
static inline loff_t i_size_read(const struct inode *inode)
{
	//@ racy inode->i_size : truncation sets it before it takes the page locks, so a fault looks again with the page locked
	return inode->i_size;
}

/* Set it. Context: i_mutex in Linux; see mm/truncate.c. */
//@ plumbing
static inline void i_size_write(struct inode *inode, loff_t size)
{
	//@ racy inode->i_size : faults look at it without a lock; see i_size_read()
	inode->i_size = size;
}

/* One more user of an open file. Context: any; the caller has one already. */
//@ plumbing
static inline void get_file(struct file *file)
{
	atomic_inc(&file->f_count);
}

/* fs/file_table.c */
struct file *fget(unsigned int fd);
void fput(struct file *file);
/* fs/inode.c */
struct inode *new_inode(const char *name, loff_t size, sector_t sector);
struct file *open_inode(struct inode *inode, fmode_t mode);
void file_update_time(struct file *file);
/* mm/filemap.c */
int generic_file_mmap(struct file *file, struct vm_area_struct *vma);
extern const struct file_operations generic_file_operations;
/* mm/filemap_rw.c */
long do_generic_file_read(struct file *file, loff_t *ppos, char __user *buf, size_t count);
long generic_perform_write(struct file *file, loff_t *ppos, const char __user *buf,
			   size_t count);
/* fs/mpage.c and fs/flatfs.c */
extern const struct address_space_operations flatfs_aops;
extern const struct file_operations flatfs_asking_operations;
/* mm/readahead.c */
void file_ra_state_init(struct file_ra_state *ra, struct address_space *mapping);

#endif
