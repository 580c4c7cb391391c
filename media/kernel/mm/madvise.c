/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a program says about its future use of a range: how it will read a file, that it
 * does not need the pages any more, or, to test the kernel, that their memory is broken.
 *
 * Source: mm/madvise.c of Linux 2.6.36. Cut: MADV_WILLNEED, MADV_REMOVE, fork and KSM.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/syscalls.h>

/* Only advice that changes a VMA needs mmap_sem for writing. Context: any. */
//@ plumbing
static int madvise_need_mmap_write(int behavior)
{
	return behavior != MADV_DONTNEED;
}

/*
 * Advice on readahead: bits of the VMA, which is split at the ends of the range.
 * Context: mmap_sem held for writing; may sleep for memory.
 */
static struct vm_area_struct *madvise_behavior(struct vm_area_struct *vma, unsigned long start,
					       unsigned long end, int behavior)
{
	unsigned long new_flags = vma->vm_flags & ~(VM_RAND_READ | VM_SEQ_READ);

	if (behavior == MADV_RANDOM)
		new_flags |= VM_RAND_READ;
	else if (behavior == MADV_SEQUENTIAL)
		new_flags |= VM_SEQ_READ;
	if (new_flags == vma->vm_flags)
		return vma;
	if (vma->vm_start < start) {
		if (split_vma(vma->vm_mm, vma, start))
			return NULL;
		vma = vma->vm_next;
	}
	if (end < vma->vm_end && split_vma(vma->vm_mm, vma, end))
		return NULL;
	vma->vm_flags = new_flags;
	return vma_merge(vma->vm_mm, vma);
}

/*
 * MADV_HWPOISON: treat the memory of a range as broken. NON-KERNEL: anybody may do it,
 * where Linux asks for CAP_SYS_ADMIN.
 * Context: system call; takes mmap_sem for reading and drops it, for each page.
 */
static long madvise_hwpoison(unsigned long start, unsigned long end)
{
	struct mm_struct *mm = current->mm;

	for (; start < end; start += PAGE_SIZE) {
		struct vm_area_struct *vma;
		struct page *page;
		int ret;

		down_read(&mm->mmap_sem);
		ret = get_user_pages(current, mm, start, 1, 0, 0, &page, &vma);
		if (ret == 1) {
			ret = memory_failure(vma, start, page);
			put_page(page);
		}
		up_read(&mm->mmap_sem);
		if (ret < 0)
			return ret;
	}
	return 0;
}

/*
 * The system call madvise.
 * Context: system call; takes mmap_sem and drops it.
 */
long sys_madvise(unsigned long start, size_t len, int behavior)
{
	struct mm_struct *mm = current->mm;
	int write = madvise_need_mmap_write(behavior);
	struct vm_area_struct *vma;
	unsigned long end = start + PAGE_ALIGN(len);
	long error = 0;

	if ((start & ~PAGE_MASK) || end < start)
		return -EINVAL;
	if (behavior == MADV_HWPOISON)
		return madvise_hwpoison(start, end);
	if (behavior < MADV_NORMAL || behavior > MADV_DONTNEED || behavior == MADV_WILLNEED)
		return -EINVAL;

	if (write)
		down_write(&mm->mmap_sem);
	else
		down_read(&mm->mmap_sem);
	for (vma = find_vma(mm, start); start < end; vma = find_vma(mm, start)) {
		if (!vma || vma->vm_start >= end) {
			error = -ENOMEM;
			break;
		}
		/* A hole is an error, but what lies behind it is done all the same. */
		if (vma->vm_start > start) {
			error = -ENOMEM;
			start = vma->vm_start;
		}
		if (write)
			vma = madvise_behavior(vma, start, end, behavior);
		else
			zap_page_range(vma, start, min(end, vma->vm_end));
		if (!vma) {
			error = -ENOMEM;
			break;
		}
		start = vma->vm_end;
	}
	if (write)
		up_write(&mm->mmap_sem);
	else
		up_read(&mm->mmap_sem);
	return error;
}
