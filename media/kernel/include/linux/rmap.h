/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reverse mapping: how many PTEs map a page. An anon_vma ties anonymous pages to
 * the VMA they came from; it is reduced to the lock that growing a stack needs.
 */
#ifndef _LINUX_RMAP_H
#define _LINUX_RMAP_H

#include <linux/mm.h>

struct anon_vma {
	spinlock_t lock;
};

/* mm/rmap.c */
int anon_vma_prepare(struct vm_area_struct *vma);
void page_add_file_rmap(struct page *page);
void page_add_new_anon_rmap(struct page *page, struct vm_area_struct *vma,
			    unsigned long address);
void page_remove_rmap(struct page *page);

#endif
