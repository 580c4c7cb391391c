/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * read() and write() of files: between the page cache and the memory of the program.
 *
 * Both copies may meet a page of the program that is not there. It is faulted in before
 * anything is locked, and the copy itself is made with page faults off: a fault with the
 * page lock held could want the very same page and wait for itself. If the copy comes
 * short, it is made again.
 *
 * Source: mm/filemap.c of Linux 2.6.36; a file of its own here, because the fault path
 * has nothing to do with it. Cut: direct I/O, several segments, i_mutex, killable waits,
 * files that grow, blocks smaller than a page.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/swap.h>
#include <asm/uaccess.h>

/*
 * Get a page in without content: one that is locked and in the cache, or a negative
 * error number. -EEXIST: somebody else has added it.
 * Context: may sleep for memory; page locked on return 0, with a reference.
 */
static int add_new_page(struct address_space *mapping, pgoff_t index, struct page **result)
{
	struct page *page = page_cache_alloc_cold(mapping);
	int error;

	if (!page)
		return -ENOMEM;
	error = add_to_page_cache_lru(page, mapping, index, GFP_KERNEL);
	if (error) {
		page_cache_release(page);
		return error;
	}
	*result = page;
	return 0;
}

/*
 * Fill a locked page from the disk and wait for it.
 * Context: sleeps; page lock held, not held on return.
 */
static int fill_page(struct file *file, struct page *page)
{
	int error;

	ClearPageError(page);
	error = file->f_mapping->a_ops->readpage(file, page);
	if (error)
		return error;
	wait_on_page_locked(page);
	return PageUptodate(page) ? 0 : -EIO;
}

/*
 * The page of a file with valid content, and with a reference; or a negative error number.
 * Context: sleeps.
 */
static int get_uptodate_page(struct file *file, pgoff_t index, unsigned long pages_to_read,
			     struct page **result)
{
	struct address_space *mapping = file->f_mapping;
	struct file_ra_state *ra = &file->f_ra;
	struct page *page;
	int error;

find_page:
	page = find_get_page(mapping, index);
	if (!page) {
		page_cache_sync_readahead(mapping, ra, file, index, pages_to_read);
		page = find_get_page(mapping, index);
	}
	if (!page) {
		error = add_new_page(mapping, index, &page);
		if (error == -EEXIST)
			goto find_page;
		if (error)
			return error;
		error = fill_page(file, page);
		goto filled;
	}
	if (PageReadahead(page))
		page_cache_async_readahead(mapping, ra, file, page, index, pages_to_read);

	error = 0;
	if (!PageUptodate(page)) {
		lock_page(page);
		if (!page->mapping) {
			/* It was truncated meanwhile: look again. */
			unlock_page(page);
			page_cache_release(page);
			goto find_page;
		}
		if (PageUptodate(page))
			unlock_page(page);
		else
			error = fill_page(file, page);
	}
filled:
	if (error) {
		page_cache_release(page);
		return error;
	}
	*result = page;
	return 0;
}

/*
 * Touch the first and the last byte of a range of the program that is to be written, so
 * that its pages are there. A range has at most two pages here.
 * Context: may fault, so may sleep.
 */
static int fault_in_pages_writeable(char __user *uaddr, unsigned long size)
{
	char __user *end = uaddr + size - 1;
	int ret = __put_user((char)0, uaddr);

	if (ret == 0 && ((unsigned long)uaddr & PAGE_MASK) != ((unsigned long)end & PAGE_MASK))
		ret = __put_user((char)0, end);
	return ret;
}

/* The same for a range that is to be read. Context: may fault, so may sleep. */
static int fault_in_pages_readable(const char __user *uaddr, unsigned long size)
{
	const char __user *end = uaddr + size - 1;
	volatile char c;
	int ret = __get_user(c, uaddr);

	if (ret == 0 && ((unsigned long)uaddr & PAGE_MASK) != ((unsigned long)end & PAGE_MASK))
		ret = __get_user(c, end);
	(void)c;
	return ret;
}

/*
 * Copy a part of a page to the program; returns how many bytes that worked for.
 * Context: may fault, so may sleep; the caller has a reference and not the page lock.
 */
static unsigned long file_read_actor(struct page *page, unsigned long offset, char __user *to,
				     unsigned long size)
{
	const char *from = (const char *)page_address(page) + offset;
	unsigned long left;

	/* A reader's buffer is often new. So it is faulted in first, and the copy is quick. */
	if (!fault_in_pages_writeable(to, size)) {
		pagefault_disable();
		left = __copy_to_user_inatomic(to, from, size);
		pagefault_enable();
		if (left == 0)
			return size;
	}
	return size - __copy_to_user(to, from, size);
}

/*
 * Read from a file at a position, which moves on. Returns the bytes, 0 at the end of the
 * file, or a negative error number.
 * Context: system call; sleeps.
 */
long do_generic_file_read(struct file *file, loff_t *ppos, char __user *buf, size_t count)
{
	loff_t isize = i_size_read(file->f_mapping->host);
	long done = 0;

	while (count > 0 && *ppos < isize) {
		pgoff_t index = (pgoff_t)(*ppos >> PAGE_CACHE_SHIFT);
		unsigned long offset = (unsigned long)*ppos & ~PAGE_CACHE_MASK;
		unsigned long size = min_t(unsigned long, PAGE_CACHE_SIZE - offset, count);
		unsigned long copied;
		struct page *page;
		int error;

		size = min_t(loff_t, size, isize - *ppos);
		error = get_uptodate_page(file, index,
					  (offset + count + PAGE_CACHE_SIZE - 1) >> PAGE_CACHE_SHIFT,
					  &page);
		if (error)
			return done ? done : error;
		mark_page_accessed(page);
		copied = file_read_actor(page, offset, buf, size);
		page_cache_release(page);
		file->f_ra.prev_pos = *ppos;
		*ppos += copied;
		buf += copied;
		count -= copied;
		done += (long)copied;
		if (copied < size)
			return done ? done : -EFAULT;
	}
	return done;
}

/*
 * The page of a file for a write into it: locked, and with the content around what is
 * written, unless all of it is.
 * Context: sleeps; page lock held on return 0, with a reference.
 */
static int write_begin(struct file *file, pgoff_t index, unsigned long size,
		       struct page **result)
{
	struct address_space *mapping = file->f_mapping;
	struct page *page;
	int error = 0;

repeat:
	page = find_get_page(mapping, index);
	if (!page) {
		error = add_new_page(mapping, index, &page);
		if (error == -EEXIST)
			goto repeat;
		if (error)
			return error;
	} else {
		lock_page(page);
	}
	if (page->mapping == mapping && !PageUptodate(page) && size != PAGE_CACHE_SIZE) {
		error = fill_page(file, page);
		if (error) {
			page_cache_release(page);
			return error;
		}
		lock_page(page);
	}
	if (page->mapping != mapping) {
		unlock_page(page);
		page_cache_release(page);
		goto repeat;
	}
	*result = page;
	return 0;
}

/*
 * Write to a file at a position, which moves on. Returns the bytes or a negative error
 * number. Files do not grow: behind the end there is no room.
 * Context: system call; sleeps.
 */
long generic_perform_write(struct file *file, loff_t *ppos, const char __user *buf, size_t count)
{
	struct address_space *mapping = file->f_mapping;
	loff_t isize = i_size_read(mapping->host);
	long done = 0;

	while (count > 0) {
		unsigned long offset = (unsigned long)*ppos & ~PAGE_CACHE_MASK;
		unsigned long size = min_t(unsigned long, PAGE_CACHE_SIZE - offset, count);
		unsigned long copied;
		struct page *page;
		int error = -ENOSPC;

		if (*ppos >= isize)
			return done ? done : error;
		size = min_t(loff_t, size, isize - *ppos);
		/* Before the page lock is taken: see the head of this file. */
		if (fault_in_pages_readable(buf, size))
			return done ? done : -EFAULT;
		error = write_begin(file, (pgoff_t)(*ppos >> PAGE_CACHE_SHIFT), size, &page);
		if (error)
			return done ? done : error;

		pagefault_disable();
		copied = size - __copy_from_user_inatomic((char *)page_address(page) + offset, buf,
							  size);
		pagefault_enable();
		/* What was to be overwritten as a whole has no content if that did not work. */
		if (copied < size && !PageUptodate(page))
			copied = 0;
		if (copied > 0) {
			SetPageUptodate(page);
			set_page_dirty(page);
		}
		unlock_page(page);
		mark_page_accessed(page);
		page_cache_release(page);

		*ppos += copied;
		buf += copied;
		count -= copied;
		done += (long)copied;
		cond_resched();
		if (copied > 0)
			balance_dirty_pages_ratelimited(mapping);
	}
	return done;
}
