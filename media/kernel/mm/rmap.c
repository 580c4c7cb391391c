/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reverse mapping: how many PTEs map a page, and where those PTEs are. A page of a file
 * knows its file, a file knows the VMAs that map it, and a VMA knows at which address.
 * Anonymous pages are never reclaimed here (there is no swap), so anon_vma is little
 * more than a lock.
 *
 * Source: mm/rmap.c of Linux 2.6.36. Cut: the way from an anonymous page to its PTEs,
 * merging of anon_vmas, the priority tree of VMAs (a list does), statistics of zones.
 */
#include <linux/errno.h>
#include <linux/fs.h>
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

	//@ racy vma->anon_vma : another fault may set it at this moment; it never changes again, and is looked at once more under page_table_lock
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

/* ---- from a page to its PTEs ---- */

/* The address at which a VMA shows a page of its file, or -EFAULT. Context: i_mmap_lock held. */
//@ plumbing
static unsigned long vma_address(struct page *page, struct vm_area_struct *vma)
{
	unsigned long address = vma->vm_start + ((page->index - vma->vm_pgoff) << PAGE_SHIFT);

	if (page->index < vma->vm_pgoff || address < vma->vm_start || address >= vma->vm_end)
		return (unsigned long)-EFAULT;
	return address;
}

/*
 * The PTE at an address if it maps this page, with its table locked; else NULL.
 * Context: i_mmap_lock held; takes the PTE lock.
 */
static pte_t *page_check_address(struct page *page, struct mm_struct *mm, unsigned long address,
				 spinlock_t **ptlp)
{
	pmd_t *pmd = pmd_offset(pud_offset(pgd_offset(mm, address), address), address);
	pte_t *pte;

	//@ racy *pmd : a fault may hang in a table at this moment; then it maps nothing of this page, whose lock is held
	if (pmd_none(*pmd))
		return NULL;
	pte = pte_offset_map_lock(mm, pmd, address, ptlp);
	if (pte_present(*pte) && pte_page(*pte) == page)
		return pte;
	pte_unmap_unlock(pte, *ptlp);
	return NULL;
}

/*
 * Remove the PTE of one VMA. What the program has written through it is noted in the
 * page first.
 * Context: page lock and i_mmap_lock held; takes the PTE lock.
 */
static void try_to_unmap_one(struct page *page, struct vm_area_struct *vma,
			     unsigned long address)
{
	struct mm_struct *mm = vma->vm_mm;
	spinlock_t *ptl;
	pte_t *pte = page_check_address(page, mm, address, &ptl);

	if (!pte)
		return;
	if (pte_dirty(ptep_clear_flush(vma, address, pte)))
		set_page_dirty(page);
	fl_atomic_add(&mm->rss_stat.count[MM_FILEPAGES].counter, -1);
	page_remove_rmap(page);
	//@ move page from pte(pte) to current
	page_cache_release(page);
	pte_unmap_unlock(pte, ptl);
}

/*
 * Remove all PTEs that map a page of a file: 1 if none is left.
 * Context: page lock held, so no new one can come; takes i_mmap_lock and PTE locks.
 */
int try_to_unmap(struct page *page)
{
	struct address_space *mapping = page->mapping;
	struct vm_area_struct *vma;

	BUG_ON(!PageLocked(page));
	spin_lock(&mapping->i_mmap_lock);
	list_for_each_entry(vma, &mapping->i_mmap, shared) {
		unsigned long address = vma_address(page, vma);

		if (address == (unsigned long)-EFAULT)
			continue;
		try_to_unmap_one(page, vma, address);
		if (!page_mapped(page))
			break;
	}
	spin_unlock(&mapping->i_mmap_lock);
	return !page_mapped(page);
}
