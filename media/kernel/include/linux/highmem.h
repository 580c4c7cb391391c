/* SPDX-License-Identifier: GPL-2.0-only */
/* Filling and copying whole pages. There is no high memory to map first. */
#ifndef _LINUX_HIGHMEM_H
#define _LINUX_HIGHMEM_H

#include <linux/kernel.h>
#include <linux/mm.h>

/* Fill a page with zeros. Context: any; the caller owns the page. */
//@ plumbing
//@ cost clear_page
static inline void clear_highpage(struct page *page)
{
	memset(page_address(page), 0, PAGE_SIZE);
}

/* Copy a page for a user. Context: any; the source stays referenced, the target is new. */
//@ plumbing
//@ cost copy_page
static inline void copy_user_highpage(struct page *to, struct page *from,
				      unsigned long address, struct vm_area_struct *vma)
{
	(void)address;
	(void)vma;
	memcpy(page_address(to), page_address(from), PAGE_SIZE);
}

#endif
