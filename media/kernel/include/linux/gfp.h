/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Getting and giving back page frames. There is one zone. When no frame is free, an
 * allocation that may sleep reclaims some; it fails if that gives none.
 */
#ifndef _LINUX_GFP_H
#define _LINUX_GFP_H

#include <linux/types.h>

#define __GFP_WAIT		0x10u
#define __GFP_ZERO		0x8000u
#define GFP_ATOMIC		0x20u
#define GFP_NOFS		0x50u
#define GFP_KERNEL		0xd0u
#define GFP_HIGHUSER_MOVABLE	0xd2u

struct page;
struct vm_area_struct;

/* mm/page_alloc.c */
struct page *alloc_page(gfp_t gfp_mask);
struct page *rmqueue(gfp_t gfp_mask);
unsigned long __get_free_page(gfp_t gfp_mask);
unsigned long get_zeroed_page(gfp_t gfp_mask);
void free_hot_cold_page(struct page *page, int cold);
void free_page(unsigned long address);
unsigned long nr_free_pages(void);

#define alloc_page_vma(gfp_mask, vma, address)	alloc_page(gfp_mask)

#endif
