/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Getting at the pages of an address space without being the one that runs in it: for
 * debuggers, for direct I/O, for everything that needs the page and not the address.
 *
 * What is not there is faulted in by handle_mm_fault(), but not with the flag of the
 * patch: these callers hold mmap_sem themselves and could not cope with its loss. So
 * they wait for the disk with the lock held, patch or no patch.
 *
 * Source: mm/memory.c of Linux 2.6.36. Cut: the gate area, huge pages, mlock, dumps.
 */
#include <linux/errno.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/swap.h>

/*
 * The page that is mapped at an address, or NULL. With FOLL_WRITE it must be writable;
 * with FOLL_GET the caller gets a reference.
 * Context: mmap_sem held; takes the PTE lock.
 */
struct page *follow_page(struct vm_area_struct *vma, unsigned long address, unsigned int flags)
{
	struct mm_struct *mm = vma->vm_mm;
	pgd_t *pgd = pgd_offset(mm, address);
	pmd_t *pmd = pmd_offset(pud_offset(pgd, address), address);
	struct page *page = NULL;
	spinlock_t *ptl;
	pte_t *ptep;
	pte_t pte;

	//@ racy *pmd : a fault of another task may hang in a table at this moment; without one the caller faults
	if (pmd_none(*pmd))
		return NULL;
	ptep = pte_offset_map_lock(mm, pmd, address, &ptl);
	pte = *ptep;
	if (!pte_present(pte) || ((flags & FOLL_WRITE) && !pte_write(pte)))
		goto unlock;
	page = pte_page(pte);
	if (flags & FOLL_GET)
		get_page(page);
	if (flags & FOLL_TOUCH) {
		if ((flags & FOLL_WRITE) && !pte_dirty(pte) && !PageDirty(page))
			set_page_dirty(page);
		mark_page_accessed(page);
	}
unlock:
	pte_unmap_unlock(ptep, ptl);
	return page;
}

/*
 * Fault a page in until it can be followed. NULL for failure, with an error number in
 * `error`. The name is of later kernels; in 2.6.36 this is a part of __get_user_pages().
 * Context: mmap_sem held for reading, all the time; sleeps.
 */
static struct page *faultin_page(struct task_struct *tsk, struct vm_area_struct *vma,
				 unsigned long address, unsigned int foll_flags, int *error)
{
	//@ flags fault VM_FAULT_
	struct page *page;
	int fault;

	while (!(page = follow_page(vma, address, foll_flags))) {
		/* Somebody who is to die should not fill memory any more. */
		if (unlikely(fatal_signal_pending(current))) {
			*error = -EINTR;
			return NULL;
		}
		//@ anchor gup_fault : A fault on behalf of somebody else, without the flag
		//@ note FAULT_FLAG_RELEASE is not passed: this caller keeps mmap_sem until the disk has answered.
		fault = handle_mm_fault(vma->vm_mm, vma, address,
					foll_flags & FOLL_WRITE ? FAULT_FLAG_WRITE : 0);
		if (fault & VM_FAULT_ERROR) {
			*error = fault & VM_FAULT_OOM ? -ENOMEM : -EFAULT;
			return NULL;
		}
		if (fault & VM_FAULT_MAJOR)
			tsk->maj_flt++;
		else
			tsk->min_flt++;
		/* A forced write into a read-only VMA: the copy is made, its PTE stays read-only. */
		if ((fault & VM_FAULT_WRITE) && !(vma->vm_flags & VM_WRITE))
			foll_flags &= ~FOLL_WRITE;
		cond_resched();
	}
	return page;
}

/*
 * Get the pages of a range of addresses, each with a reference. `tsk` is the task that
 * the faults are counted for. Returns how many pages there are, or an error number if not
 * even the first one is.
 * Context: mmap_sem of `mm` held for reading, and never dropped; sleeps.
 */
int get_user_pages(struct task_struct *tsk, struct mm_struct *mm, unsigned long start,
		   int nr_pages, int write, int force, struct page **pages,
		   struct vm_area_struct **vmas)
{
	unsigned int foll_flags = FOLL_TOUCH | FOLL_GET | (write ? FOLL_WRITE : 0);
	unsigned long needed = write ? VM_WRITE : VM_READ;
	int error = -EFAULT;
	int i;

	//@ assert holds_read(&mm->mmap_sem) : pages of an address space are taken without mmap_sem
	if (force)
		needed = write ? VM_MAYWRITE : VM_MAYREAD;
	for (i = 0; i < nr_pages; i++, start += PAGE_SIZE) {
		struct vm_area_struct *vma = find_extend_vma(mm, start);

		if (!vma || !(vma->vm_flags & needed))
			return i ? i : -EFAULT;
		cond_resched();
		pages[i] = faultin_page(tsk, vma, start & PAGE_MASK, foll_flags, &error);
		if (!pages[i])
			return i ? i : error;
		if (vmas)
			vmas[i] = vma;
	}
	return i;
}

/*
 * Read or write memory of another process. Returns how many bytes that worked for.
 * Context: sleeps; takes mmap_sem of that process for reading, for all of the transfer.
 */
int access_process_vm(struct task_struct *tsk, unsigned long addr, void *buf, int len, int write)
{
	struct mm_struct *mm = get_task_mm(tsk);
	void *old_buf = buf;

	if (!mm)
		return 0;
	//@ anchor access_process_vm
	down_read(&mm->mmap_sem);
	while (len > 0) {
		struct vm_area_struct *vma;
		struct page *page;
		int offset = (int)(addr & (PAGE_SIZE - 1));
		int bytes = min(len, (int)PAGE_SIZE - offset);

		if (get_user_pages(tsk, mm, addr, 1, write, 1, &page, &vma) <= 0)
			break;
		if (write) {
			memcpy((char *)page_address(page) + offset, buf, (size_t)bytes);
			lock_page(page);
			set_page_dirty(page);
			unlock_page(page);
		} else {
			memcpy(buf, (char *)page_address(page) + offset, (size_t)bytes);
		}
		page_cache_release(page);
		len -= bytes;
		buf = (char *)buf + bytes;
		addr += (unsigned long)bytes;
	}
	up_read(&mm->mmap_sem);
	mmput(mm);
	return (int)((char *)buf - (char *)old_buf);
}
