/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counting how many PTEs map a page. Finding those PTEs (for reclaim and truncation)
 * is not needed here, so anon_vma is little more than a lock.
 *
 * Source: mm/rmap.c of Linux 2.6.36. Cut: the way from a page to its PTEs, merging
 * of anon_vmas, statistics of zones.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rmap.h>
#include <linux/slab.h>
#include <linux/swap.h>

/*
 * See that a VMA has an anon_vma. Two faults may come at once; one wins.
 * Context: mmap_sem held; takes page_table_lock; may sleep for memory.
 */
int anon_vma_prepare(struct vm_area_struct *vma)
{
	struct anon_vma *anon_vma;

	if (likely(vma->anon_vma))
		return 0;
	anon_vma = kmalloc(sizeof(*anon_vma), GFP_KERNEL);
	if (!anon_vma)
		return -ENOMEM;
	spin_lock_init(&anon_vma->lock);
	atomic_set(&anon_vma->refcount, 1);

	spin_lock(&vma->vm_mm->page_table_lock);
	if (likely(!vma->anon_vma)) {
		vma->anon_vma = anon_vma;
		anon_vma = NULL;
	}
	spin_unlock(&vma->vm_mm->page_table_lock);
	kfree(anon_vma);
	return 0;
}

/*
 * Let a new VMA share the anon_vma of the one that it was made from: its pages stay what
 * they are.
 * Context: mmap_sem held for writing.
 */
void anon_vma_clone(struct vm_area_struct *dst, struct vm_area_struct *src)
{
	dst->anon_vma = src->anon_vma;
	if (dst->anon_vma)
		atomic_inc(&dst->anon_vma->refcount);
}

/* A VMA goes away: the last one that has its anon_vma frees it. Context: mmap_sem held for writing. */
void unlink_anon_vmas(struct vm_area_struct *vma)
{
	if (vma->anon_vma && atomic_dec_and_test(&vma->anon_vma->refcount))
		kfree(vma->anon_vma);
	vma->anon_vma = NULL;
}

/* One more PTE maps a page of a file. Context: PTE lock held. */
void page_add_file_rmap(struct page *page)
{
	atomic_inc(&page->_mapcount);
}

/*
 * The first PTE maps a new anonymous page.
 * Context: PTE lock held; nobody else has the page.
 */
void page_add_new_anon_rmap(struct page *page, struct vm_area_struct *vma, unsigned long address)
{
	SetPageSwapBacked(page);
	atomic_set(&page->_mapcount, 0);
	page->mapping = (struct address_space *)((unsigned long)vma->anon_vma + PAGE_MAPPING_ANON);
	page->index = linear_page_index(vma, address);
	lru_cache_add_anon(page);
}

/* One PTE less maps a page. Context: PTE lock held. */
void page_remove_rmap(struct page *page)
{
	VM_BUG_ON(page_mapcount(page) <= 0);
	atomic_add_negative(-1, &page->_mapcount);
}
