/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading and writing page tables. All tables lie in the direct map, so mapping
 * one into the kernel first (pte_offset_map) costs nothing here.
 */
#ifndef _ASM_X86_PGTABLE_H
#define _ASM_X86_PGTABLE_H

#include <linux/mm_types.h>
#include <asm/bitops.h>
#include <asm/pgtable_types.h>
#include <asm/tlbflush.h>

#define PGDIR_SHIFT	22
#define PTRS_PER_PGD	1024
#define PTRS_PER_PTE	1024
#define PGDIR_SIZE	(1UL << PGDIR_SHIFT)

/* mm/page_alloc.c */
extern struct page *mem_map;
#define page_to_pfn(page)	((unsigned long)((page) - mem_map))
#define pfn_to_page(pfn)	(mem_map + (pfn))
#define page_to_phys(page)	(page_to_pfn(page) << PAGE_SHIFT)
#define virt_to_page(address)	pfn_to_page(__pa(address) >> PAGE_SHIFT)
#define page_address(page)	__va(page_to_phys(page))

/* What an entry says. Context: any; for a PTE in memory, its lock or mmap_sem. */
#define pte_none(entry)		((entry).pte == 0)
#define pte_present(entry)	(((entry).pte & (_PAGE_PRESENT | _PAGE_PROTNONE)) != 0)
#define pte_write(entry)	(((entry).pte & _PAGE_RW) != 0)
#define pte_dirty(entry)	(((entry).pte & _PAGE_DIRTY) != 0)
#define pte_young(entry)	(((entry).pte & _PAGE_ACCESSED) != 0)
#define pte_file(entry)		(((entry).pte & _PAGE_FILE) != 0)
#define pte_pfn(entry)		((entry).pte >> PAGE_SHIFT)
#define pte_page(entry)		pfn_to_page(pte_pfn(entry))
#define pte_same(one, other)	((one).pte == (other).pte)

/* The same entry with one thing changed. Context: any. */
//@ plumbing
static inline pte_t pte_mkdirty(pte_t entry)
{
	entry.pte |= _PAGE_DIRTY;
	return entry;
}

/* Context: any. */
//@ plumbing
static inline pte_t pte_mkyoung(pte_t entry)
{
	entry.pte |= _PAGE_ACCESSED;
	return entry;
}

/* Context: any. */
//@ plumbing
static inline pte_t pte_mkwrite(pte_t entry)
{
	entry.pte |= _PAGE_RW;
	return entry;
}

/* Context: any. */
//@ plumbing
static inline pte_t pte_wrprotect(pte_t entry)
{
	entry.pte &= ~_PAGE_RW;
	return entry;
}

/* The entry that maps a page with some protection. Context: any. */
//@ plumbing
static inline pte_t mk_pte(struct page *page, pgprot_t prot)
{
	pte_t entry = { page_to_phys(page) | prot.pgprot };

	return entry;
}

/* The same page and marks with another protection. Context: any. */
//@ plumbing
static inline pte_t pte_modify(pte_t entry, pgprot_t prot)
{
	entry.pte = (entry.pte & _PAGE_CHG_MASK) | prot.pgprot;
	return entry;
}

/* Write an entry into a page table. Context: the PTE lock is held. */
//@ plumbing
static inline void set_pte_at(struct mm_struct *mm, unsigned long address,
			      pte_t *ptep, pte_t entry)
{
	(void)mm;
	(void)address;
	*ptep = entry;
}

/* Clear an entry; returns what was there. Context: the PTE lock is held. */
//@ plumbing
static inline pte_t ptep_get_and_clear(struct mm_struct *mm, unsigned long address,
				       pte_t *ptep)
{
	pte_t entry;

	(void)mm;
	(void)address;
	entry.pte = fl_atomic_xchg(&ptep->pte, 0);
	return entry;
}

/* The same, and drop its translation. Context: the PTE lock is held. */
//@ plumbing
static inline pte_t ptep_clear_flush(struct vm_area_struct *vma, unsigned long address,
				     pte_t *ptep)
{
	pte_t entry = ptep_get_and_clear(vma->vm_mm, address, ptep);

	flush_tlb_page(vma, address);
	return entry;
}

/* Take the right to write away. Context: the PTE lock is held. */
//@ plumbing
static inline void ptep_set_wrprotect(struct mm_struct *mm, unsigned long address,
				      pte_t *ptep)
{
	(void)mm;
	(void)address;
	clear_bit(PAGE_BIT_RW, &ptep->pte);
}

/*
 * Give an entry more rights or marks; true if it changed.
 * Context: the PTE lock is held.
 */
//@ plumbing
static inline int ptep_set_access_flags(struct vm_area_struct *vma, unsigned long address,
					pte_t *ptep, pte_t entry, int dirty)
{
	int changed = !pte_same(*ptep, entry);

	if (changed && dirty) {
		*ptep = entry;
		flush_tlb_page(vma, address);
	}
	return changed;
}

/* x86 loads the TLB by itself, so there is nothing to preload. */
#define update_mmu_cache(vma, address, ptep)	do { } while (0)
/* A fault that found the entry as it should be: nothing stale can be left on x86. */
#define flush_tlb_fix_spurious_fault(vma, address)	flush_tlb_page(vma, address)

/* The way down the levels. Context: mmap_sem is held. */
#define pgd_index(address)	((address) >> PGDIR_SHIFT)
#define pgd_offset(mm, address)	((mm)->pgd + pgd_index(address))
#define pud_offset(pgd, address)	((pud_t *)(pgd))
#define pmd_offset(pud, address)	((pmd_t *)(pud))
#define pmd_val(entry)		((entry).pud.pgd.pgd)
#define pmd_none(entry)		(pmd_val(entry) == 0)
#define pmd_present(entry)	((pmd_val(entry) & _PAGE_PRESENT) != 0)
#define pmd_page(entry)		pfn_to_page(pmd_val(entry) >> PAGE_SHIFT)
#define pte_index(address)	(((address) >> PAGE_SHIFT) & (PTRS_PER_PTE - 1))
#define pte_offset_map(pmd, address) \
	((pte_t *)__va(pmd_val(*(pmd)) & PAGE_MASK) + pte_index(address))
#define pte_unmap(pte)		do { (void)(pte); } while (0)

/* Hang a page table into the directory. Context: page_table_lock is held. */
//@ plumbing
static inline void pmd_populate(struct mm_struct *mm, pmd_t *pmd, struct page *table)
{
	(void)mm;
	pmd->pud.pgd.pgd = page_to_phys(table) | _PAGE_TABLE;
}

#endif
