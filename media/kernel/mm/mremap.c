/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making a mapping smaller or larger, or moving it with all its pages: the PTEs move to
 * other addresses, and no page is read or copied.
 *
 * Source: mm/mremap.c of Linux 2.6.36. Cut: mlock and overcommit, huge pages, extents.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/swap.h>
#include <linux/syscalls.h>
#include <asm/tlbflush.h>

/*
 * Move one PTE to another address, with the reference to the page that it stands for.
 * NON-KERNEL: Linux holds the locks of both page tables and moves many at once.
 * Context: mmap_sem held for writing; takes i_mmap_lock and both PTE locks, one after
 * the other.
 */
static void move_pte(struct vm_area_struct *vma, unsigned long from, unsigned long to)
{
	struct mm_struct *mm = vma->vm_mm;
	spinlock_t *i_mmap_lock = vma->vm_file ? &vma->vm_file->f_mapping->i_mmap_lock : NULL;
	pmd_t *pmd = pmd_offset(pud_offset(pgd_offset(mm, from), from), from);
	spinlock_t *ptl;
	pte_t *ptep;
	pte_t entry = { 0 };
	struct page *page = NULL;

	/* Truncation must not look at both places while the PTE is at neither. */
	if (i_mmap_lock)
		spin_lock(i_mmap_lock);
	ptep = pte_offset_map_lock(mm, pmd, from, &ptl);
	if (pte_present(*ptep)) {
		entry = ptep_get_and_clear(mm, from, ptep);
		/* The page of zeros is nobody's: no PTE has a reference to it. */
		if (pte_page(entry) != empty_zero_page) {
			page = pte_page(entry);
			//@ move page from pte(ptep) to current
		}
	}
	pte_unmap_unlock(ptep, ptl);
	if (pte_none(entry))
		goto unlock;

	pmd = pmd_offset(pud_offset(pgd_offset(mm, to), to), to);
	ptep = pte_offset_map_lock(mm, pmd, to, &ptl);
	set_pte_at(mm, to, ptep, entry);
	if (page) {
		//@ move page from current to pte(ptep)
		mark_page_accessed(page);
	}
	pte_unmap_unlock(ptep, ptl);
unlock:
	if (i_mmap_lock)
		spin_unlock(i_mmap_lock);
}

/*
 * Move the PTEs of a range to another place; where there are no page tables, they are
 * made. -ENOMEM if that fails; then some have moved.
 * Context: mmap_sem held for writing; may sleep for memory.
 */
static int move_page_tables(struct vm_area_struct *vma, unsigned long old_addr,
			    unsigned long new_addr, unsigned long len)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long offset;
	int error = 0;

	for (offset = 0; offset < len && !error; offset += PAGE_SIZE) {
		unsigned long from = old_addr + offset;
		unsigned long to = new_addr + offset;
		pmd_t *pmd = pmd_offset(pud_offset(pgd_offset(mm, from), from), from);

		if (pmd_none(*pmd))
			continue;
		pmd = pmd_offset(pud_offset(pgd_offset(mm, to), to), to);
		if (pte_alloc_map(mm, pmd, to))
			move_pte(vma, from, to);
		else
			error = -ENOMEM;
	}
	flush_tlb_mm(mm);
	return error;
}

/*
 * Move a range of a VMA to a free place and make it `new_len` long there.
 * Context: mmap_sem held for writing; may sleep for memory.
 */
static unsigned long move_vma(struct vm_area_struct *vma, unsigned long old_addr,
			      unsigned long old_len, unsigned long new_len,
			      unsigned long new_addr)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long pgoff = vma->vm_pgoff + ((old_addr - vma->vm_start) >> PAGE_SHIFT);
	struct vm_area_struct *new_vma = copy_vma(vma, new_addr, new_len, pgoff);

	if (!new_vma)
		return (unsigned long)-ENOMEM;
	mm->total_vm += new_len >> PAGE_SHIFT;
	if (move_page_tables(vma, old_addr, new_addr, old_len)) {
		/* Back with what has moved: the old page tables are all there. */
		move_page_tables(new_vma, new_addr, old_addr, old_len);
		do_munmap(mm, new_addr, new_len);
		return (unsigned long)-ENOMEM;
	}
	do_munmap(mm, old_addr, old_len);
	return new_addr;
}

/*
 * Find out how to do it: shrink, grow into the gap behind, or move.
 * Context: mmap_sem held for writing; may sleep for memory.
 */
static unsigned long do_mremap(unsigned long addr, unsigned long old_len,
			       unsigned long new_len, unsigned long flags,
			       unsigned long new_addr)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	unsigned long grow;

	if ((addr & ~PAGE_MASK) || !new_len || (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED)))
		return (unsigned long)-EINVAL;
	if (flags & MREMAP_FIXED) {
		if (!(flags & MREMAP_MAYMOVE) || (new_addr & ~PAGE_MASK) ||
		    new_len > TASK_SIZE || new_addr > TASK_SIZE - new_len ||
		    (new_addr < addr + old_len && addr < new_addr + new_len))
			return (unsigned long)-EINVAL;
	}
	if (old_len > new_len) {
		do_munmap(mm, addr + new_len, old_len - new_len);
		old_len = new_len;
		if (!(flags & MREMAP_FIXED))
			return addr;
	}
	vma = find_vma(mm, addr);
	if (!vma || vma->vm_start > addr || old_len > vma->vm_end - addr)
		return (unsigned long)-EFAULT;
	grow = (new_len - old_len) >> PAGE_SHIFT;
	if (!may_expand_vm(mm, grow))
		return (unsigned long)-ENOMEM;
	if (flags & MREMAP_FIXED) {
		if (do_munmap(mm, new_addr, new_len))
			return (unsigned long)-EINVAL;
		return move_vma(find_vma(mm, addr), addr, old_len, new_len, new_addr);
	}

	if (addr + old_len == vma->vm_end &&
	    (!vma->vm_next || vma->vm_next->vm_start >= addr + new_len) &&
	    new_len <= TASK_SIZE - addr) {
		vma_adjust(vma, vma->vm_start, addr + new_len, vma->vm_pgoff);
		mm->total_vm += grow;
		return addr;
	}
	if (!(flags & MREMAP_MAYMOVE))
		return (unsigned long)-ENOMEM;
	new_addr = get_unmapped_area(0, new_len, 0);
	if (IS_ERR_VALUE(new_addr))
		return new_addr;
	return move_vma(vma, addr, old_len, new_len, new_addr);
}

/*
 * The system call mremap.
 * Context: system call; takes mmap_sem for writing and drops it.
 */
long sys_mremap(unsigned long addr, unsigned long old_len, unsigned long new_len,
		unsigned long flags, unsigned long new_addr)
{
	struct mm_struct *mm = current->mm;
	unsigned long ret;

	//@ anchor mremap_lock
	down_write(&mm->mmap_sem);
	ret = do_mremap(addr, PAGE_ALIGN(old_len), PAGE_ALIGN(new_len), flags, new_addr);
	up_write(&mm->mmap_sem);
	return (long)ret;
}
