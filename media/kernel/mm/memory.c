/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page faults from the VMA down to the PTE: which kind of fault it is, getting the
 * page, and installing the PTE. Also the way back: clearing PTEs.
 *
 * mmap_sem is held for reading all the way, unless ->fault() drops it. The PTE lock
 * is a spinlock and so never held while something may sleep: after every sleep the
 * PTE is looked at again, and if another task has changed it, that one was first.
 *
 * Source: mm/memory.c of Linux 2.6.36 with the patch. __do_fault() is complete;
 * get_user_pages() is in mm/gup.c. Cut: swap and nonlinear mappings (their PTEs never exist here), huge pages, KSM,
 * memory control groups (a hook that is off), page tables of the kernel, fork().
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/sched.h>
#include <linux/swap.h>
#include <linux/vmstat.h>
#include <asm/tlb.h>

/* ---- hooks of what is cut ---- */

/* Memory control groups are not built in: nothing is charged. Context: any. */
#define mem_cgroup_newpage_charge(page, mm, gfp_mask)	0
#define mem_cgroup_uncharge_page(page)			do { } while (0)
/* mlock is cut, so VM_LOCKED is never set. Context: page lock held. */
#define clear_page_mlock(page)				do { } while (0)
/* x86 keeps instruction caches coherent. */
#define flush_icache_page(vma, page)			do { } while (0)

/* ---- counting the pages of an mm ---- */

/* So many faults, and a task adds its counts to those of its mm. */
#define TASK_RSS_EVENTS_THRESH	64

/*
 * Add the counts that a task has collected to its mm.
 * Context: any; `task` is the running one.
 */
void sync_mm_rss(struct task_struct *task, struct mm_struct *mm)
{
	int member;

	for (member = 0; member < NR_MM_COUNTERS; member++) {
		if (task->rss_stat.count[member]) {
			fl_atomic_add(&mm->rss_stat.count[member].counter,
				      task->rss_stat.count[member]);
			task->rss_stat.count[member] = 0;
		}
	}
	task->rss_stat.events = 0;
}

/* The same once in a while. Context: any; `task` is the running one. */
//@ plumbing
static void check_sync_rss_stat(struct task_struct *task)
{
	if (unlikely(task->rss_stat.events++ > TASK_RSS_EVENTS_THRESH))
		sync_mm_rss(task, task->mm);
}

/*
 * Change a count of an mm; the running task keeps it for a while if the mm is its own.
 * Context: any.
 */
//@ plumbing
static void add_mm_counter_fast(struct mm_struct *mm, int member, int value)
{
	struct task_struct *task = current;

	if (likely(task->mm == mm))
		task->rss_stat.count[member] += value;
	else
		fl_atomic_add(&mm->rss_stat.count[member].counter, value);
}

#define inc_mm_counter_fast(mm, member)	add_mm_counter_fast(mm, member, 1)
#define dec_mm_counter_fast(mm, member)	add_mm_counter_fast(mm, member, -1)

/* ---- page tables ---- */

/*
 * Give an entry of the page directory its page table. Two tasks may try at once; the
 * second one finds the table of the first and frees its own.
 * Context: mmap_sem held; takes page_table_lock. -ENOMEM if no memory is left.
 */
int __pte_alloc(struct mm_struct *mm, pmd_t *pmd, unsigned long address)
{
	struct page *table = pte_alloc_one(mm, address);

	if (!table)
		return -ENOMEM;

	spin_lock(&mm->page_table_lock);
	if (likely(pmd_none(*pmd))) {
		mm->nr_ptes++;
		pmd_populate(mm, pmd, table);
		table = NULL;
	}
	spin_unlock(&mm->page_table_lock);
	if (table)
		free_page((unsigned long)page_address(table));
	return 0;
}

/*
 * A new page table, all entries empty. NULL if no memory is left.
 * Context: may sleep for memory.
 */
struct page *pte_alloc_one(struct mm_struct *mm, unsigned long address)
{
	unsigned long frame = get_zeroed_page(GFP_KERNEL);
	struct page *table = NULL;

	(void)mm;
	(void)address;
	if (frame) {
		table = virt_to_page(frame);
		spin_lock_init(&table->ptl);
	}
	return table;
}

/*
 * Free all page tables of an address space whose PTEs are all clear.
 * Context: the last user is gone.
 */
void free_pgtables(struct mm_struct *mm)
{
	unsigned long index;

	for (index = 0; index < pgd_index(TASK_SIZE); index++) {
		pmd_t *pmd = (pmd_t *)(mm->pgd + index);

		if (!pmd_none(*pmd)) {
			struct page *table = pmd_page(*pmd);

			mm->pgd[index].pgd = 0;
			mm->nr_ptes--;
			free_page((unsigned long)page_address(table));
		}
	}
}

/* A PTE for a page that may be written gets the right to it if the VMA has it. Context: any. */
//@ plumbing
static pte_t maybe_mkwrite(pte_t entry, struct vm_area_struct *vma)
{
	if (likely(vma->vm_flags & VM_WRITE))
		entry = pte_mkwrite(entry);
	return entry;
}

/* ---- faults ---- */

/*
 * Get the page of a file mapping from ->fault() and map it. A write to a private
 * mapping maps a copy; a write to a shared one may have to ask the file system.
 * Context: mmap_sem held for reading, no PTE lock; sleeps. mmap_sem is dropped
 * exactly if the result has VM_FAULT_RELEASED.
 */
static int __do_fault(struct mm_struct *mm, struct vm_area_struct *vma,
		      unsigned long address, pmd_t *pmd,
		      pgoff_t pgoff, unsigned int flags, pte_t orig_pte)
{
	//@ flags ret VM_FAULT_
	//@ flags flags FAULT_FLAG_
	pte_t *page_table;
	spinlock_t *ptl;
	struct page *page;
	pte_t entry;
	int anon = 0;			/* put vmf.page at the end? */
	int charged = 0;
	struct page *dirty_page = NULL;	/* a shared page that gets written */
	struct vm_fault vmf;
	int ret;
	int page_mkwrite = 0;

	vmf.virtual_address = (void __user *)(address & PAGE_MASK);
	vmf.pgoff = pgoff;
	vmf.flags = flags;
	vmf.page = NULL;

	ret = vma->vm_ops->fault(vma, &vmf);
	if (unlikely(ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE |
			    VM_FAULT_RELEASED)))
		return ret;

	if (unlikely(PageHWPoison(vmf.page))) {
		//@ anchor poisoned_page
		//@ note The reference is not given back: this memory shall never be used for anything again.
		if (ret & VM_FAULT_LOCKED)
			unlock_page(vmf.page);
		return VM_FAULT_HWPOISON;
	}

	/* From here on the page is locked, whoever did it. */
	if (unlikely(!(ret & VM_FAULT_LOCKED)))
		lock_page(vmf.page);
	else
		VM_BUG_ON(!PageLocked(vmf.page));

	page = vmf.page;
	if (flags & FAULT_FLAG_WRITE) {
		if (!(vma->vm_flags & VM_SHARED)) {
			/* Copy on write, before the page was ever mapped. */
			anon = 1;
			if (unlikely(anon_vma_prepare(vma))) {
				ret = VM_FAULT_OOM;
				goto out;
			}
			page = alloc_page_vma(GFP_HIGHUSER_MOVABLE, vma, address);
			if (!page) {
				ret = VM_FAULT_OOM;
				goto out;
			}
			if (mem_cgroup_newpage_charge(page, mm, GFP_KERNEL)) {
				ret = VM_FAULT_OOM;
				page_cache_release(page);
				goto out;
			}
			charged = 1;
			if (vma->vm_flags & VM_LOCKED)
				clear_page_mlock(vmf.page);
			copy_user_highpage(page, vmf.page, address, vma);
			__SetPageUptodate(page);
		} else if (vma->vm_ops->page_mkwrite) {
			int tmp;

			/* The file system may want to sleep, without the page lock. */
			unlock_page(page);
			vmf.flags = FAULT_FLAG_WRITE | FAULT_FLAG_MKWRITE;
			tmp = vma->vm_ops->page_mkwrite(vma, &vmf);
			if (unlikely(tmp & (VM_FAULT_ERROR | VM_FAULT_NOPAGE))) {
				ret = tmp;
				goto unwritable_page;
			}
			if (unlikely(!(tmp & VM_FAULT_LOCKED))) {
				lock_page(page);
				if (!page->mapping) {
					/* Truncated meanwhile: let the access fault again. */
					ret = 0;
					unlock_page(page);
					goto unwritable_page;
				}
			} else {
				VM_BUG_ON(!PageLocked(page));
			}
			page_mkwrite = 1;
		}
	}

	page_table = pte_offset_map_lock(mm, pmd, address, &ptl);

	/* Only if nobody else has resolved the same fault meanwhile. */
	if (likely(pte_same(*page_table, orig_pte))) {
		flush_icache_page(vma, page);
		entry = mk_pte(page, vma->vm_page_prot);
		if (flags & FAULT_FLAG_WRITE)
			entry = maybe_mkwrite(pte_mkdirty(entry), vma);
		if (anon) {
			inc_mm_counter_fast(mm, MM_ANONPAGES);
			page_add_new_anon_rmap(page, vma, address);
		} else {
			inc_mm_counter_fast(mm, MM_FILEPAGES);
			page_add_file_rmap(page);
			if (flags & FAULT_FLAG_WRITE) {
				dirty_page = page;
				get_page(dirty_page);
			}
		}
		//@ assert holds(&vmf.page->flags) : a page of a file is mapped without its lock
		//@ anchor install_pte : The PTE is installed
		//@ note Behind this statement the program can reach the page. The reference from the lookup belongs to the PTE now.
		//@ cost pte_install
		set_pte_at(mm, address, page_table, entry);
		//@ move page from current to pte(page_table)
		update_mmu_cache(vma, address, page_table);
	} else {
		if (charged)
			mem_cgroup_uncharge_page(page);
		if (anon)
			page_cache_release(page);
		else
			anon = 1;	/* nothing is anonymous: just put vmf.page below */
	}
	pte_unmap_unlock(page_table, ptl);

out:
	if (dirty_page) {
		struct address_space *mapping = page->mapping;

		if (set_page_dirty(dirty_page))
			page_mkwrite = 1;
		unlock_page(dirty_page);
		put_page(dirty_page);
		if (page_mkwrite && mapping) {
			/* The writer is slowed down here, with mmap_sem held. */
			balance_dirty_pages_ratelimited(mapping);
		}
		if (vma->vm_file)
			file_update_time(vma->vm_file);
	} else {
		unlock_page(vmf.page);
		if (anon)
			page_cache_release(vmf.page);
	}
	return ret;

unwritable_page:
	page_cache_release(page);
	return ret;
}

/*
 * A fault in a file mapping whose pages lie in the order of the file.
 * Context: mmap_sem held for reading; see __do_fault().
 */
static int do_linear_fault(struct mm_struct *mm, struct vm_area_struct *vma,
			   unsigned long address, pte_t *page_table, pmd_t *pmd,
			   unsigned int flags, pte_t orig_pte)
{
	pgoff_t pgoff = (((address & PAGE_MASK) - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;

	/* Let go of the page table first: what follows sleeps. */
	pte_unmap(page_table);
	return __do_fault(mm, vma, address, pmd, pgoff, flags, orig_pte);
}

/*
 * A PTE that says where in the file its page is. Only remap_file_pages() writes such
 * PTEs, and it is cut: the page table is corrupt.
 * Context: mmap_sem held for reading.
 */
static int do_nonlinear_fault(struct vm_area_struct *vma)
{
	BUG_ON(vma->vm_flags & VM_NONLINEAR);
	return VM_FAULT_SIGBUS;
}

/*
 * A PTE that says where its page is in swap. There is no swap, so nobody writes such
 * PTEs: the page table is corrupt.
 * Context: mmap_sem held for reading.
 */
static int do_swap_page(pte_t entry)
{
	BUG_ON(!pte_none(entry));
	return VM_FAULT_SIGBUS;
}

/*
 * The lowest page of a stack is its guard: an access to it grows the stack by one more
 * page. If there is no room because the limit is reached, the access works all the same,
 * without a guard below it. Negative if another mapping begins right below.
 * Context: mmap_sem held for reading.
 */
static int check_stack_guard_page(struct vm_area_struct *vma, unsigned long address)
{
	address &= PAGE_MASK;
	if ((vma->vm_flags & VM_GROWSDOWN) && address == vma->vm_start) {
		struct vm_area_struct *prev = vma->vm_prev;

		/* A stack that was split by mprotect or munmap has its own lower part there. */
		if (prev && prev->vm_end == address)
			return prev->vm_flags & VM_GROWSDOWN ? 0 : -ENOMEM;
		expand_stack(vma, address - PAGE_SIZE);
	}
	return 0;
}

/*
 * The first access to a page of anonymous memory: a page of zeros. Linux maps one
 * shared page for reads; so does this.
 * Context: mmap_sem held for reading; may sleep for memory.
 */
static int do_anonymous_page(struct mm_struct *mm, struct vm_area_struct *vma,
			     unsigned long address, pte_t *page_table, pmd_t *pmd,
			     unsigned int flags)
{
	struct page *page;
	spinlock_t *ptl;
	pte_t entry;

	pte_unmap(page_table);

	/* One page below a stack stays free, so that it cannot grow into a neighbor. */
	if (check_stack_guard_page(vma, address) < 0)
		return VM_FAULT_SIGBUS;

	if (!(flags & FAULT_FLAG_WRITE)) {
		entry = mk_pte(empty_zero_page, vma->vm_page_prot);
		page_table = pte_offset_map_lock(mm, pmd, address, &ptl);
		if (!pte_none(*page_table))
			goto unlock;
		goto setpte;
	}

	if (unlikely(anon_vma_prepare(vma)))
		return VM_FAULT_OOM;
	page = alloc_page_vma(GFP_HIGHUSER_MOVABLE, vma, address);
	if (!page)
		return VM_FAULT_OOM;
	clear_highpage(page);
	__SetPageUptodate(page);

	if (mem_cgroup_newpage_charge(page, mm, GFP_KERNEL)) {
		page_cache_release(page);
		return VM_FAULT_OOM;
	}

	entry = mk_pte(page, vma->vm_page_prot);
	if (vma->vm_flags & VM_WRITE)
		entry = pte_mkwrite(pte_mkdirty(entry));

	page_table = pte_offset_map_lock(mm, pmd, address, &ptl);
	if (!pte_none(*page_table)) {
		/* Another task was faster. */
		mem_cgroup_uncharge_page(page);
		page_cache_release(page);
		goto unlock;
	}
	inc_mm_counter_fast(mm, MM_ANONPAGES);
	page_add_new_anon_rmap(page, vma, address);
	//@ move page from current to pte(page_table)
setpte:
	set_pte_at(mm, address, page_table, entry);
	update_mmu_cache(vma, address, page_table);
unlock:
	pte_unmap_unlock(page_table, ptl);
	return 0;
}

/*
 * May the page of this PTE be written as it is, because nobody else has it? Without swap
 * that is so if no other PTE maps it.
 * Context: page lock held, so that this stays true.
 */
//@ plumbing
static int reuse_swap_page(struct page *page)
{
	VM_BUG_ON(!PageLocked(page));
	return page_mapcount(page) <= 1;
}

/*
 * Let the PTE write to the page that it has.
 * Context: mmap_sem held for reading, PTE lock held; drops the PTE lock.
 */
static void wp_page_reuse(struct vm_area_struct *vma, unsigned long address, pte_t *page_table,
			  spinlock_t *ptl, pte_t orig_pte)
{
	pte_t entry = maybe_mkwrite(pte_mkdirty(pte_mkyoung(orig_pte)), vma);

	//@ anchor reuse_page
	if (ptep_set_access_flags(vma, address, page_table, entry, 1))
		update_mmu_cache(vma, address, page_table);
	pte_unmap_unlock(page_table, ptl);
}

/*
 * The first write to a page of a file in a shared mapping: the file system is asked, if it
 * wants to be, and then the page itself becomes writable and dirty.
 * Context: mmap_sem held for reading, PTE lock held; drops the PTE lock, may sleep. Never
 * drops mmap_sem: the flag of the patch is not passed on.
 */
static int wp_page_shared(struct mm_struct *mm, struct vm_area_struct *vma,
			  unsigned long address, pte_t *page_table, pmd_t *pmd,
			  spinlock_t *ptl, pte_t orig_pte)
{
	struct page *old_page = pte_page(orig_pte);
	int page_mkwrite = 0;

	/* For the time after the PTE lock: the PTE may go away, the page must not. */
	get_page(old_page);
	if (vma->vm_ops && vma->vm_ops->page_mkwrite) {
		struct vm_fault vmf;
		int tmp;

		pte_unmap_unlock(page_table, ptl);
		vmf.virtual_address = (void __user *)(address & PAGE_MASK);
		vmf.pgoff = old_page->index;
		vmf.flags = FAULT_FLAG_WRITE | FAULT_FLAG_MKWRITE;
		vmf.page = old_page;
		tmp = vma->vm_ops->page_mkwrite(vma, &vmf);
		if (unlikely(tmp & (VM_FAULT_ERROR | VM_FAULT_NOPAGE))) {
			page_cache_release(old_page);
			return tmp;
		}
		if (unlikely(!(tmp & VM_FAULT_LOCKED))) {
			lock_page(old_page);
			if (!old_page->mapping) {
				/* Truncated meanwhile: let the access fault again. */
				unlock_page(old_page);
				page_cache_release(old_page);
				return 0;
			}
		} else {
			VM_BUG_ON(!PageLocked(old_page));
		}
		page_table = pte_offset_map_lock(mm, pmd, address, &ptl);
		if (!pte_same(*page_table, orig_pte)) {
			pte_unmap_unlock(page_table, ptl);
			unlock_page(old_page);
			page_cache_release(old_page);
			return 0;
		}
		page_mkwrite = 1;
	}
	wp_page_reuse(vma, address, page_table, ptl, orig_pte);

	if (page_mkwrite) {
		struct address_space *mapping = old_page->mapping;

		set_page_dirty(old_page);
		unlock_page(old_page);
		page_cache_release(old_page);
		if (mapping)
			balance_dirty_pages_ratelimited(mapping);
	} else {
		/* Truncation may be at work on it: let it finish first. */
		wait_on_page_locked(old_page);
		set_page_dirty_balance(old_page, 0);
		page_cache_release(old_page);
	}
	if (vma->vm_file)
		file_update_time(vma->vm_file);
	return VM_FAULT_WRITE;
}

/*
 * Copy the page for this address space alone, and map the copy. A page of zeros needs no
 * copying (then `old_page` is NULL).
 * Context: mmap_sem held for reading, PTE lock held; drops the PTE lock, may sleep.
 */
static int wp_page_copy(struct mm_struct *mm, struct vm_area_struct *vma,
			unsigned long address, pte_t *page_table, pmd_t *pmd,
			spinlock_t *ptl, pte_t orig_pte, struct page *old_page)
{
	struct page *new_page = NULL;
	int ret = VM_FAULT_OOM;
	pte_t entry;

	/* The reference keeps the original while the PTE lock is not held. */
	if (old_page)
		page_cache_get(old_page);
	pte_unmap_unlock(page_table, ptl);

	if (unlikely(anon_vma_prepare(vma)))
		goto out;
	new_page = alloc_page_vma(GFP_HIGHUSER_MOVABLE, vma, address);
	if (!new_page)
		goto out;
	//@ anchor copy_page
	if (old_page)
		copy_user_highpage(new_page, old_page, address, vma);
	else
		clear_highpage(new_page);
	__SetPageUptodate(new_page);
	if (mem_cgroup_newpage_charge(new_page, mm, GFP_KERNEL)) {
		page_cache_release(new_page);
		goto out;
	}

	ret = 0;
	page_table = pte_offset_map_lock(mm, pmd, address, &ptl);
	if (likely(pte_same(*page_table, orig_pte))) {
		if (!old_page) {
			inc_mm_counter_fast(mm, MM_ANONPAGES);
		} else if (!PageAnon(old_page)) {
			dec_mm_counter_fast(mm, MM_FILEPAGES);
			inc_mm_counter_fast(mm, MM_ANONPAGES);
		}
		entry = mk_pte(new_page, vma->vm_page_prot);
		entry = maybe_mkwrite(pte_mkdirty(entry), vma);
		/* No CPU may read the old page any more once one of them writes to the new one. */
		ptep_clear_flush(vma, address, page_table);
		page_add_new_anon_rmap(new_page, vma, address);
		set_pte_at(mm, address, page_table, entry);
		//@ move new_page from current to pte(page_table)
		if (old_page) {
			page_remove_rmap(old_page);
			//@ move old_page from pte(page_table) to current
			put_page(old_page);
		}
		ret = VM_FAULT_WRITE;
	} else {
		/* Another task was faster. */
		mem_cgroup_uncharge_page(new_page);
		page_cache_release(new_page);
	}
	pte_unmap_unlock(page_table, ptl);
out:
	if (old_page)
		page_cache_release(old_page);
	return ret;
}

/*
 * A write to a page that is mapped without the right to write: use it, if nobody else can
 * see it or if all shall see it, or else a copy of it. The three parts have names of later
 * kernels; in 2.6.36 they are one function.
 * Context: mmap_sem held for reading, PTE lock held; drops the PTE lock, may sleep.
 */
static int do_wp_page(struct mm_struct *mm, struct vm_area_struct *vma,
		      unsigned long address, pte_t *page_table, pmd_t *pmd,
		      spinlock_t *ptl, pte_t orig_pte)
{
	struct page *old_page = pte_page(orig_pte);

	if (old_page == empty_zero_page)
		return wp_page_copy(mm, vma, address, page_table, pmd, ptl, orig_pte, NULL);

	if (PageAnon(old_page)) {
		int reuse;

		if (!trylock_page(old_page)) {
			/* Not with a spinlock held: let go, wait, and look again. */
			page_cache_get(old_page);
			pte_unmap_unlock(page_table, ptl);
			lock_page(old_page);
			page_table = pte_offset_map_lock(mm, pmd, address, &ptl);
			if (!pte_same(*page_table, orig_pte)) {
				pte_unmap_unlock(page_table, ptl);
				unlock_page(old_page);
				page_cache_release(old_page);
				return 0;
			}
			page_cache_release(old_page);
		}
		reuse = reuse_swap_page(old_page);
		unlock_page(old_page);
		if (reuse) {
			wp_page_reuse(vma, address, page_table, ptl, orig_pte);
			return VM_FAULT_WRITE;
		}
	} else if (unlikely((vma->vm_flags & (VM_WRITE | VM_SHARED)) == (VM_WRITE | VM_SHARED))) {
		return wp_page_shared(mm, vma, address, page_table, pmd, ptl, orig_pte);
	}
	return wp_page_copy(mm, vma, address, page_table, pmd, ptl, orig_pte, old_page);
}

/*
 * Which kind of fault is it? The PTE is read without its lock; whoever acts on it
 * takes the lock and compares.
 * Context: mmap_sem held for reading; may sleep; see handle_mm_fault().
 */
static int handle_pte_fault(struct mm_struct *mm, struct vm_area_struct *vma,
			    unsigned long address, pte_t *pte, pmd_t *pmd, unsigned int flags)
{
	//@ flags flags FAULT_FLAG_
	pte_t entry;
	spinlock_t *ptl;

	//@ racy *pte : read without the PTE lock; whoever acts on it takes the lock and compares
	entry = *pte;
	if (!pte_present(entry)) {
		if (pte_none(entry)) {
			if (vma->vm_ops && likely(vma->vm_ops->fault))
				return do_linear_fault(mm, vma, address,
						       pte, pmd, flags, entry);
			return do_anonymous_page(mm, vma, address, pte, pmd, flags);
		}
		if (pte_file(entry))
			return do_nonlinear_fault(vma);
		return do_swap_page(entry);
	}

	ptl = pte_lockptr(mm, pmd);
	spin_lock(ptl);
	if (unlikely(!pte_same(*pte, entry)))
		goto unlock;
	if (flags & FAULT_FLAG_WRITE) {
		if (!pte_write(entry))
			return do_wp_page(mm, vma, address, pte, pmd, ptl, entry);
		entry = pte_mkdirty(entry);
	}
	/* Another task has resolved the fault already, or only a mark is missing. */
	entry = pte_mkyoung(entry);
	if (ptep_set_access_flags(vma, address, pte, entry, (int)(flags & FAULT_FLAG_WRITE)))
		update_mmu_cache(vma, address, pte);
	else if (flags & FAULT_FLAG_WRITE)
		flush_tlb_fix_spurious_fault(vma, address);
unlock:
	pte_unmap_unlock(pte, ptl);
	return 0;
}

/*
 * Resolve a fault at an address of a VMA that allows the access. The result is made
 * of VM_FAULT_ bits; 0 means done without the disk.
 * Context: mmap_sem held for reading; sleeps. Still held on return, except with
 * VM_FAULT_RELEASED, which needs FAULT_FLAG_RELEASE: then it has been dropped.
 */
int handle_mm_fault(struct mm_struct *mm, struct vm_area_struct *vma,
		    unsigned long address, unsigned int flags)
{
	//@ flags flags FAULT_FLAG_
	pgd_t *pgd;
	pud_t *pud;
	pmd_t *pmd;
	pte_t *pte;

	//@ assert holds_read(&mm->mmap_sem) : a fault is handled without mmap_sem
	__set_current_state(TASK_RUNNING);

	//@ note Every attempt counts here, so a retried fault counts twice.
	count_vm_event(PGFAULT);
	check_sync_rss_stat(current);

	if (unlikely(is_vm_hugetlb_page(vma)))
		BUG();

	pgd = pgd_offset(mm, address);
	pud = pud_alloc(mm, pgd, address);
	if (!pud)
		return VM_FAULT_OOM;
	pmd = pmd_alloc(mm, pud, address);
	if (!pmd)
		return VM_FAULT_OOM;
	//@ cost page_table_walk
	//@ racy *pmd : a table stays as long as mmap_sem is held; __pte_alloc() looks again under page_table_lock
	pte = pte_alloc_map(mm, pmd, address);
	if (!pte)
		return VM_FAULT_OOM;

	return handle_pte_fault(mm, vma, address, pte, pmd, flags);
}

/* ---- the way back ---- */

/* What each CPU is about to give back; see asm/tlb.h. */
struct mmu_gather mmu_gathers[NR_CPUS];

/*
 * Clear the PTEs of a range and give back the pages, after all CPUs have forgotten the
 * range. Its end must lie in the same VMA. Returns the number of pages.
 * Context: mmap_sem or the i_mmap_lock of the file held; takes PTE locks; does not sleep.
 */
unsigned long zap_page_range(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	struct mm_struct *mm = vma->vm_mm;
	struct mmu_gather *tlb = tlb_gather_mmu(mm);
	unsigned long zapped = 0;
	unsigned long address;

	for (address = start; address < end; address += PAGE_SIZE) {
		pmd_t *pmd = pmd_offset(pud_offset(pgd_offset(mm, address), address), address);
		struct page *page;
		spinlock_t *ptl;
		pte_t *pte;
		pte_t entry;

		//@ racy *pmd : truncation is here without mmap_sem; a table that comes now belongs to a fault that looks at the new size
		if (pmd_none(*pmd))
			continue;
		pte = pte_offset_map_lock(mm, pmd, address, &ptl);
		if (!pte_present(*pte)) {
			pte_unmap_unlock(pte, ptl);
			continue;
		}
		entry = ptep_get_and_clear(mm, address, pte);
		page = pte_page(entry);
		tlb_remove_tlb_entry(tlb);
		if (page == empty_zero_page) {
			pte_unmap_unlock(pte, ptl);
			continue;
		}
		if (PageAnon(page)) {
			dec_mm_counter_fast(mm, MM_ANONPAGES);
		} else {
			if (pte_dirty(entry))
				set_page_dirty(page);
			if (pte_young(entry))
				mark_page_accessed(page);
			dec_mm_counter_fast(mm, MM_FILEPAGES);
		}
		page_remove_rmap(page);
		//@ move page from pte(pte) to current
		pte_unmap_unlock(pte, ptl);
		tlb_remove_page(tlb, page);
		zapped++;
	}
	tlb_finish_mmu(tlb);
	return zapped;
}

/*
 * Unmap a range of a file wherever it is mapped; private copies of its pages go too. A
 * length of 0 means up to the end.
 * Context: may hold a page lock; takes i_mmap_lock, which keeps the VMAs, and PTE locks.
 */
void unmap_mapping_range(struct address_space *mapping, loff_t holebegin, loff_t holelen)
{
	pgoff_t first = (pgoff_t)(holebegin >> PAGE_SHIFT);
	pgoff_t last = holelen ? (pgoff_t)((holebegin + holelen - 1) >> PAGE_SHIFT) : ULONG_MAX;
	struct vm_area_struct *vma;

	spin_lock(&mapping->i_mmap_lock);
	list_for_each_entry(vma, &mapping->i_mmap, shared) {
		pgoff_t from = vma->vm_pgoff;
		pgoff_t to = from + ((vma->vm_end - vma->vm_start) >> PAGE_SHIFT) - 1;

		if (to < first || from > last)
			continue;
		zap_page_range(vma, vma->vm_start + ((max(from, first) - from) << PAGE_SHIFT),
			       vma->vm_start + ((min(to, last) - from + 1) << PAGE_SHIFT));
	}
	spin_unlock(&mapping->i_mmap_lock);
}
