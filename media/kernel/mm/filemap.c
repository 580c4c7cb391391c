/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page cache: the pages of files that are in memory, and the fault handler of
 * file mappings, filemap_fault().
 *
 * Lock order, outermost first:
 *
 *   mmap_sem  >  page lock  >  PTE lock
 *   mmap_sem  >  i_mmap_lock  >  PTE lock
 *   tree_lock is innermost
 *
 * So nobody may take mmap_sem with a page locked.
 *
 * Source: mm/filemap.c of Linux 2.6.36 with both patches of the series "Reduce
 * mmap_sem hold times during file backed page faults". filemap_fault() and what it
 * calls for mappings are complete. Cut: read(), write(), direct I/O, splicing,
 * migration, shadow entries, memory control groups.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/swap.h>
#include <linux/vmstat.h>
#include <linux/wait.h>

/* So many misses of one file in a row, and reading around them is given up. */
#define MMAP_LOTSAMISS	100

/* ---- adding, finding and removing pages ---- */

/*
 * Add a locked page to the cache; the cache takes a reference of its own.
 * Context: page lock held; may reclaim if gfp_mask says so; takes tree_lock. -EEXIST
 * if the place is taken.
 */
int add_to_page_cache_locked(struct page *page, struct address_space *mapping,
			     pgoff_t offset, gfp_t gfp_mask)
{
	int error;

	VM_BUG_ON(!PageLocked(page));
	page_cache_get(page);
	page->mapping = mapping;
	page->index = offset;

again:
	spin_lock_irq(&mapping->tree_lock);
	error = radix_tree_insert(&mapping->page_tree, offset, page);
	if (likely(!error)) {
		mapping->nrpages++;
		//@ move page from current to cache
		spin_unlock_irq(&mapping->tree_lock);
	} else {
		spin_unlock_irq(&mapping->tree_lock);
		/* Linux sets nodes of the tree aside before it takes the lock, and reclaims for them. */
		if (error == -ENOMEM && (gfp_mask & __GFP_WAIT) && try_to_free_pages())
			goto again;
		page->mapping = NULL;
		page_cache_release(page);
	}
	return error;
}

/*
 * Add a new page to the cache and to the LRU list. It goes in locked and not up to
 * date, so that whoever finds it has to wait for its content.
 * Context: may sleep for memory; page locked on return 0.
 */
int add_to_page_cache_lru(struct page *page, struct address_space *mapping,
			  pgoff_t offset, gfp_t gfp_mask)
{
	int ret;

	__set_page_locked(page);
	ret = add_to_page_cache_locked(page, mapping, offset, gfp_mask);
	if (unlikely(ret)) {
		__clear_page_locked(page);
		return ret;
	}
	lru_cache_add_file(page);
	return 0;
}

/*
 * Take a page out of the tree of its file. The cache's reference is the caller's now.
 * Context: page lock and tree_lock held, the page is not mapped.
 */
void __remove_from_page_cache(struct page *page)
{
	struct address_space *mapping = page->mapping;

	BUG_ON(page_mapped(page));
	radix_tree_delete(&mapping->page_tree, page->index);
	page->mapping = NULL;
	mapping->nrpages--;
}

/*
 * Take a page out of the cache and give back the cache's reference.
 * Context: page lock held, the page is not mapped; takes tree_lock.
 */
void remove_from_page_cache(struct page *page)
{
	struct address_space *mapping = page->mapping;

	BUG_ON(!PageLocked(page));
	spin_lock_irq(&mapping->tree_lock);
	__remove_from_page_cache(page);
	//@ move page from cache to current
	spin_unlock_irq(&mapping->tree_lock);
	page_cache_release(page);
}

/*
 * Look for a page of a file; the caller gets a reference. The page may be locked
 * and without valid content, and without a lock it may leave the file at any time.
 * Context: any; takes no lock.
 */
//@ cost find_get_page
struct page *find_get_page(struct address_space *mapping, pgoff_t offset)
{
	void **slot;
	struct page *page;

	rcu_read_lock();
repeat:
	page = NULL;
	slot = radix_tree_lookup_slot(&mapping->page_tree, offset);
	if (slot) {
		//@ racy *slot : under RCU, without tree_lock; a struct page never goes away, so its count can be tried
		page = rcu_dereference(*slot);
		if (page) {
			/* It may be dying: then it is about to leave the tree. */
			if (!page_cache_get_speculative(page))
				goto repeat;
			/* Or it has left and is something else by now. */
			//@ racy *slot : under RCU; once it is the same with the reference held, the page stays what it is
			if (unlikely(page != *slot)) {
				page_cache_release(page);
				goto repeat;
			}
		}
	}
	rcu_read_unlock();
	return page;
}

/*
 * The first page of a file at an index or behind it, with a reference; NULL if there is
 * none. Linux gets a batch of them at once (find_get_pages()), which costs little more
 * than the references.
 * Context: any; takes no lock.
 */
//@ cost atomic
struct page *find_next_page(struct address_space *mapping, pgoff_t start)
{
	struct page *page = NULL;

	while (!page && radix_tree_next(&mapping->page_tree, &start))
		page = find_get_page(mapping, start);
	return page;
}

/*
 * The page of a file, locked and with a reference; NULL if it is not in the cache.
 * Context: may sleep for the page lock.
 */
struct page *find_lock_page(struct address_space *mapping, pgoff_t offset)
{
	struct page *page;

	while ((page = find_get_page(mapping, offset)) != NULL) {
		lock_page(page);
		/* It may have left the file while nobody held its lock. */
		if (likely(page->mapping == mapping))
			break;
		unlock_page(page);
		page_cache_release(page);
	}
	return page;
}

/* ---- the page lock ---- */

/*
 * The wait queue for a page. Many pages share one; an entry says for which page
 * it is.
 * Context: any.
 */
//@ plumbing
static wait_queue_head_t *page_waitqueue(struct page *page)
{
	struct zone *zone = page_zone(page);

	return &zone->wait_table[hash_ptr(page, zone->wait_table_bits)];
}

/* Wake those who wait for a bit of the page's flags. Context: any. */
static inline void wake_up_page(struct page *page, int bit)
{
	__wake_up_bit(page_waitqueue(page), &page->flags, bit);
}

/*
 * How a task sleeps for a page: first it gets the read going, which may still be
 * held back in the queue of the disk; then it sleeps as one who waits for the disk.
 * Context: sleeps; the task is in the wait queue and its state is set.
 */
static int sync_page(void *word)
{
	struct address_space *mapping;
	struct page *page;

	page = container_of((unsigned long *)word, struct page, flags);

	/* The page may be leaving its file just now; what is read here is only a hint. */
	smp_mb();
	mapping = page_mapping(page);
	if (mapping && mapping->a_ops && mapping->a_ops->sync_page)
		mapping->a_ops->sync_page(page);
	//@ anchor page_wait : The task goes to sleep on the page lock
	//@ note Whatever locks this task holds now, it holds until the disk has answered.
	io_schedule();
	return 0;
}

/*
 * Wait until a bit of the page's flags is clear; all who wait are woken together.
 * Context: sleeps, uninterruptibly; the caller has a reference to the page.
 */
void wait_on_page_bit(struct page *page, int bit_nr)
{
	DEFINE_WAIT_BIT(wait, &page->flags, bit_nr);

	if (test_bit(bit_nr, &page->flags)) {
		//@ wait read &page->flags
		__wait_on_bit(page_waitqueue(page), &wait, sync_page,
			      TASK_UNINTERRUPTIBLE);
		//@ resume &page->flags
	}
}

/*
 * Unlock a page and wake who waits for it. The lock has no owner: a page that is
 * read is unlocked by the interrupt that ends the read.
 * Context: any; the page is locked.
 */
void unlock_page(struct page *page)
{
	VM_BUG_ON(!PageLocked(page));
	clear_bit_unlock(PG_locked, &page->flags);
	//@ drop &page->flags
	smp_mb__after_clear_bit();
	wake_up_page(page, PG_locked);
}

/*
 * Lock a page that was found locked. Those who wait are woken one at a time.
 * Context: sleeps, uninterruptibly; page locked on return.
 */
void __lock_page(struct page *page)
{
	DEFINE_WAIT_BIT(wait, &page->flags, PG_locked);

	//@ wait write &page->flags
	__wait_on_bit_lock(page_waitqueue(page), &wait, sync_page,
			   TASK_UNINTERRUPTIBLE);
	//@ resume &page->flags
}

/* ---- faults in file mappings ---- */

/*
 * Read one page of a file into the cache. It is there when this returns, but
 * locked until the read is over.
 * Context: mmap_sem held for reading; may sleep for memory.
 */
static int page_cache_read(struct file *file, pgoff_t offset)
{
	struct address_space *mapping = file->f_mapping;
	struct page *page;
	int ret;

	page = page_cache_alloc_cold(mapping);
	if (!page)
		return -ENOMEM;

	ret = add_to_page_cache_lru(page, mapping, offset, GFP_KERNEL);
	if (ret == 0)
		ret = mapping->a_ops->readpage(file, page);
	else if (ret == -EEXIST)
		ret = 0;	/* somebody else was faster */

	page_cache_release(page);
	return ret;
}

/*
 * The page is not in the cache: start reading it, and its neighbors with it. A run
 * of faults from page to page reads ahead; a single fault reads around, as long as
 * that has not failed too often.
 * Context: mmap_sem held for reading; may sleep for memory, not for the data.
 */
static void do_sync_mmap_readahead(struct vm_area_struct *vma, struct file_ra_state *ra,
				   struct file *file, pgoff_t offset)
{
	unsigned long ra_pages;
	struct address_space *mapping = file->f_mapping;

	if (VM_RandomReadHint(vma))
		return;

	if (VM_SequentialReadHint(vma) ||
	    offset - 1 == (ra->prev_pos >> PAGE_CACHE_SHIFT)) {
		page_cache_sync_readahead(mapping, ra, file, offset, ra->ra_pages);
		return;
	}

	if (ra->mmap_miss < INT_MAX)
		ra->mmap_miss++;

	if (ra->mmap_miss > MMAP_LOTSAMISS)
		return;

	ra_pages = max_sane_readahead(ra->ra_pages);
	if (ra_pages) {
		ra->start = max_t(long, 0, offset - ra_pages / 2);
		ra->size = ra_pages;
		ra->async_size = 0;
		ra_submit(ra, mapping, file);
	}
}

/*
 * The page is in the cache: a good sign for reading around. If it is the mark near
 * the end of a readahead window, start the next window.
 * Context: mmap_sem held for reading; may sleep for memory, not for the data.
 */
static void do_async_mmap_readahead(struct vm_area_struct *vma, struct file_ra_state *ra,
				    struct file *file, struct page *page, pgoff_t offset)
{
	struct address_space *mapping = file->f_mapping;

	if (VM_RandomReadHint(vma))
		return;
	//@ note After a retry this counts down what the first attempt counted up, so random access is never noticed: a flaw of this patch.
	if (ra->mmap_miss > 0)
		ra->mmap_miss--;
	if (PageReadahead(page))
		page_cache_async_readahead(mapping, ra, file, page, offset, ra->ra_pages);
}

/*
 * Find the page of a file that a fault wants, read it if need be, and return it
 * locked and with a reference. If the page must be waited for and the caller allows
 * it, drop mmap_sem, wait, and return VM_FAULT_RELEASED instead: no page, no lock.
 * Context: mmap_sem held for reading; sleeps. Dropped only with VM_FAULT_RELEASED.
 */
int filemap_fault(struct vm_area_struct *vma, struct vm_fault *vmf)
{
	//@ flags ret VM_FAULT_
	int error;
	struct file *file = vma->vm_file;
	struct address_space *mapping = file->f_mapping;
	struct file_ra_state *ra = &file->f_ra;
	struct inode *inode = mapping->host;
	pgoff_t offset = vmf->pgoff;
	struct page *page;
	pgoff_t size;
	int ret = 0;

	/* Behind the end of the file there is nothing to map. */
	size = (i_size_read(inode) + PAGE_CACHE_SIZE - 1) >> PAGE_CACHE_SHIFT;
	if (offset >= size)
		return VM_FAULT_SIGBUS;

	//@ anchor cache_lookup
	page = find_get_page(mapping, offset);
	if (likely(page)) {
		//@ anchor page_found : The page is in the cache
		do_async_mmap_readahead(vma, ra, file, page, offset);
	} else {
		//@ anchor cache_miss : The page is not in the cache: a read is started
		//@ note The new pages enter the cache locked. Starting a read does not wait for its data.
		do_sync_mmap_readahead(vma, ra, file, offset);
		count_vm_event(PGMAJFAULT);
		ret = VM_FAULT_MAJOR;
retry_find:
		page = find_get_page(mapping, offset);
		if (!page)
			goto no_cached_page;
	}

	//@ anchor lock_page
	/* Lock the page; if it is being read, that means to wait for the disk. */
	if (!trylock_page(page)) {
		if (!(vmf->flags & FAULT_FLAG_RELEASE))
			__lock_page(page);
		else {
			/*
			 * The caller holds mmap_sem for reading and can do
			 * without it: nobody else shall wait for our disk.
			 * From up_read() on the VMA may go away. The page
			 * stays, because we have a reference to it.
			 */
			//@ anchor drop_mmap_sem : The page cannot be locked now: mmap_sem is dropped
			//@ note The heart of the patch: whoever waits for mmap_sem can go on now, long before the disk answers.
			up_read(&vma->vm_mm->mmap_sem);
			wait_on_page_locked(page);
			//@ anchor released : Awake again, without mmap_sem
			//@ note Forgetting this put was a real bug: the form in 2.6.37-rc1 leaked one reference for each released fault.
			page_cache_release(page);
			return ret | VM_FAULT_RELEASED;
		}
	}

	/* It may have been truncated while nobody held its lock. */
	if (unlikely(page->mapping != mapping)) {
		unlock_page(page);
		page_cache_release(page);
		goto retry_find;
	}
	VM_BUG_ON(page->index != offset);

	/* Unlocked and yet without content: the read has failed. */
	if (unlikely(!PageUptodate(page)))
		goto page_not_uptodate;

	/*
	 * Truncation first sets the size and then takes the page locks. So either
	 * the new size is seen here, or truncation waits for this page and unmaps it.
	 */
	size = (i_size_read(inode) + PAGE_CACHE_SIZE - 1) >> PAGE_CACHE_SHIFT;
	if (unlikely(offset >= size)) {
		unlock_page(page);
		page_cache_release(page);
		return VM_FAULT_SIGBUS;
	}

	ra->prev_pos = (loff_t)offset << PAGE_CACHE_SHIFT;
	vmf->page = page;
	return ret | VM_FAULT_LOCKED;

no_cached_page:
	/* Readahead was not allowed or did not work: read this one page. */
	error = page_cache_read(file, offset);

	/* It is in the cache now, or was thrown out again at once: look again. */
	if (error >= 0)
		goto retry_find;

	if (error == -ENOMEM)
		return VM_FAULT_OOM;
	return VM_FAULT_SIGBUS;

page_not_uptodate:
	/*
	 * Try once more, synchronously, to be sure that it is an error of the disk.
	 * This wait holds mmap_sem even if the caller would do without it.
	 */
	ClearPageError(page);
	error = mapping->a_ops->readpage(file, page);
	if (!error) {
		wait_on_page_locked(page);
		if (!PageUptodate(page))
			error = -EIO;
	}
	page_cache_release(page);

	if (!error)
		goto retry_find;

	/* Smaller windows from now on: they may go around the bad spot. */
	ra->ra_pages /= 4;
	return VM_FAULT_SIGBUS;
}

static const struct vm_operations_struct generic_file_vm_ops = {
	.fault = filemap_fault,
};

/*
 * What mmap() does for an ordinary file: its pages come from the page cache.
 * Context: mmap_sem held for writing.
 */
int generic_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	(void)file;
	vma->vm_ops = &generic_file_vm_ops;
	return 0;
}

const struct file_operations generic_file_operations = {
	.mmap = generic_file_mmap,
};
