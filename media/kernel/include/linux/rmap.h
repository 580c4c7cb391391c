/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reverse mapping: how many PTEs map a page, and which. An anon_vma ties anonymous pages to the
 * VMA they came from; VMAs that were split from one share it. It is reduced to the lock
 * that growing a stack needs, and a count of the VMAs that share it.
 */
#ifndef _LINUX_RMAP_H
#define _LINUX_RMAP_H

#include <linux/mm.h>

struct anon_vma {
	spinlock_t lock;
	atomic_t refcount;	/* VMAs that have it; NON-KERNEL: Linux has a chain of them */
};

/* mm/rmap.c */
int anon_vma_prepare(struct vm_area_struct *vma);
void anon_vma_clone(struct vm_area_struct *dst, struct vm_area_struct *src);
void unlink_anon_vmas(struct vm_area_struct *vma);
void page_add_file_rmap(struct page *page);
void page_add_new_anon_rmap(struct page *page, struct vm_area_struct *vma,
			    unsigned long address);
void page_remove_rmap(struct page *page);
int try_to_unmap(struct page *page);

#endif
