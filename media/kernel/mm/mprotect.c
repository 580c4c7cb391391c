/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changing what a range of addresses allows: split the VMAs at its ends, change their
 * flags, then change the PTEs that are there, and flush.
 *
 * Source: mm/mprotect.c of Linux 2.6.36. Cut: PROT_GROWSDOWN, overcommit and security
 * checks, huge pages, PTEs of swap and migration.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <asm/tlbflush.h>

/*
 * Give the PTEs of a VMA the protection that the VMA has now. A page of a file that is
 * dirty already need not be noticed once more, so it may be written at once.
 * Context: mmap_sem held for writing; takes PTE locks.
 */
static void change_protection(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	int dirty_accountable = vma_wants_writenotify(vma);
	unsigned long address;

	for (address = vma->vm_start; address < vma->vm_end; address += PAGE_SIZE) {
		pmd_t *pmd = pmd_offset(pud_offset(pgd_offset(mm, address), address), address);
		spinlock_t *ptl;
		pte_t *pte;
		pte_t entry;

		if (pmd_none(*pmd))
			continue;
		pte = pte_offset_map_lock(mm, pmd, address, &ptl);
		if (pte_present(*pte)) {
			/* Taken out first, so that no mark of the CPU is lost meanwhile. */
			entry = pte_modify(ptep_get_and_clear(mm, address, pte), vma->vm_page_prot);
			if (dirty_accountable && pte_dirty(entry))
				entry = pte_mkwrite(entry);
			set_pte_at(mm, address, pte, entry);
		}
		pte_unmap_unlock(pte, ptl);
	}
	flush_tlb_mm(mm);
}

/*
 * Change the part of a VMA that lies in a range. Returns what that part belongs to then,
 * or NULL without memory.
 * Context: mmap_sem held for writing; may sleep for memory.
 */
static struct vm_area_struct *mprotect_fixup(struct vm_area_struct *vma, unsigned long start,
					     unsigned long end, unsigned long newflags)
{
	struct mm_struct *mm = vma->vm_mm;

	if (newflags == vma->vm_flags)
		return vma;
	if (vma->vm_start < start) {
		if (split_vma(mm, vma, start))
			return NULL;
		vma = vma->vm_next;
	}
	if (end < vma->vm_end && split_vma(mm, vma, end))
		return NULL;

	vma->vm_flags = newflags;
	vma_set_page_prot(vma);
	change_protection(vma);
	return vma_merge(mm, vma);
}

/*
 * The system call mprotect.
 * Context: system call; takes mmap_sem for writing and drops it.
 */
long sys_mprotect(unsigned long start, size_t len, unsigned long prot)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	unsigned long end;
	long error = 0;

	if ((start & ~PAGE_MASK) || (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC)))
		return -EINVAL;
	len = PAGE_ALIGN(len);
	end = start + len;
	if (end < start)
		return -ENOMEM;
	if (!len)
		return 0;

	//@ anchor mprotect_lock
	down_write(&mm->mmap_sem);
	while (start < end) {
		unsigned long newflags;

		vma = find_vma(mm, start);
		if (!vma || vma->vm_start > start) {
			error = -ENOMEM;
			break;
		}
		newflags = prot | (vma->vm_flags & ~(VM_READ | VM_WRITE | VM_EXEC));
		/* Each right must be one that the mapping may have: the VM_MAY bits stand 4 higher. */
		if (newflags & ~(newflags >> 4) & (VM_READ | VM_WRITE | VM_EXEC)) {
			error = -EACCES;
			break;
		}
		vma = mprotect_fixup(vma, start, end, newflags);
		if (!vma) {
			error = -ENOMEM;
			break;
		}
		start = vma->vm_end;
	}
	up_write(&mm->mmap_sem);
	return error;
}
