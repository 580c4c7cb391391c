/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Open files. Names, descriptors that a program opens itself and the last close of
 * an inode are cut: the scenario's files are opened while booting, file i as
 * descriptor 3 + i of every process.
 *
 * Source: fs/file_table.c of Linux 2.6.36.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>

/* Open an inode: one reference for the caller; NULL without memory. Context: may sleep. */
struct file *open_inode(struct inode *inode, fmode_t mode)
{
	struct file *file = kzalloc(sizeof(*file), GFP_KERNEL);

	if (!file)
		return NULL;
	atomic_set(&file->f_count, 1);
	file->f_mode = mode;
	file->f_op = inode->i_fop;
	file->f_mapping = inode->i_mapping;
	file_ra_state_init(&file->f_ra, file->f_mapping);
	return file;
}

/* The open file of a descriptor, with a reference; NULL if there is none. Context: any. */
struct file *fget(unsigned int fd)
{
	struct files_struct *files = current->files;
	struct file *file;

	if (!files || fd >= FL_MAX_FILES)
		return NULL;
	file = files->fd[fd];
	if (file)
		get_file(file);
	return file;
}

/* Give a reference back; with the last one the file is closed. Context: may sleep. */
void fput(struct file *file)
{
	if (atomic_dec_and_test(&file->f_count))
		kfree(file);
}
