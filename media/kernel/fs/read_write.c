/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The system calls read, write and lseek. Source: fs/read_write.c of Linux 2.6.36. Cut:
 * vectors, locks of files, notification. Two tasks that read from one open file at once
 * may get the same bytes, as in Linux.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/syscalls.h>
#include <asm/uaccess.h>

#define SEEK_SET	0
#define SEEK_CUR	1
#define SEEK_END	2

/* Read from where the file stands. Context: system call; sleeps; no locks held. */
long sys_read(unsigned int fd, char __user *buf, size_t count)
{
	struct file *file = fget(fd);
	loff_t pos;
	long ret = -EBADF;

	if (!file)
		return ret;
	if (!(file->f_mode & FMODE_READ))
		goto out;
	ret = -EFAULT;
	if (!access_ok(VERIFY_WRITE, buf, count))
		goto out;
	pos = file->f_pos;
	ret = do_generic_file_read(file, &pos, buf, count);
	file->f_pos = pos;
out:
	fput(file);
	return ret;
}

/* Write to where the file stands. Context: system call; sleeps; no locks held. */
long sys_write(unsigned int fd, const char __user *buf, size_t count)
{
	struct file *file = fget(fd);
	loff_t pos;
	long ret = -EBADF;

	if (!file)
		return ret;
	if (!(file->f_mode & FMODE_WRITE))
		goto out;
	ret = -EFAULT;
	if (!access_ok(VERIFY_READ, buf, count))
		goto out;
	pos = file->f_pos;
	ret = generic_perform_write(file, &pos, buf, count);
	if (ret > 0)
		file_update_time(file);
	file->f_pos = pos;
out:
	fput(file);
	return ret;
}

/* Move to another place of the file. Context: system call. */
long sys_lseek(unsigned int fd, long offset, unsigned int origin)
{
	struct file *file = fget(fd);
	loff_t pos = offset;
	long ret = -EINVAL;

	if (!file)
		return -EBADF;
	if (origin == SEEK_CUR)
		pos += file->f_pos;
	else if (origin == SEEK_END)
		pos += i_size_read(file->f_mapping->host);
	if (origin <= SEEK_END && pos >= 0 && pos <= 0x7fffffff) {
		file->f_pos = pos;
		ret = (long)pos;
	}
	fput(file);
	return ret;
}
