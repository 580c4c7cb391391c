/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Taking many PTEs away at once: their pages are gathered and given back only after
 * the TLBs have been flushed. Until then another CPU may still reach them.
 *
 * Source: include/asm-generic/tlb.h of Linux 2.6.36. Cut: page tables are not gathered
 * (they are freed when nobody uses the address space any more), the shortcut for a
 * single CPU. A gather has room for fewer pages.
 */
#ifndef _ASM_X86_TLB_H
#define _ASM_X86_TLB_H

#include <linux/mm.h>
#include <linux/sched.h>
#include <asm/tlbflush.h>

#define FREE_PTE_NR	62	/* Linux: 506 */

struct mmu_gather {
	struct mm_struct *mm;
	unsigned int nr;	/* pages gathered so far */
	unsigned int need_flush;	/* a present PTE was cleared since the last flush */
	struct page *pages[FREE_PTE_NR];
};

extern struct mmu_gather mmu_gathers[NR_CPUS];	/* mm/memory.c; one for each CPU */

/*
 * Begin. The gather belongs to this CPU, so the task must not sleep until the end.
 * Context: mmap_sem held, or the last user is gone; disables preemption.
 */
//@ plumbing
static inline struct mmu_gather *tlb_gather_mmu(struct mm_struct *mm)
{
	struct mmu_gather *tlb;

	preempt_disable();
	tlb = &mmu_gathers[smp_processor_id()];
	tlb->mm = mm;
	tlb->nr = 0;
	tlb->need_flush = 0;
	return tlb;
}

/*
 * Flush, then give back what has been gathered: in this order.
 * Context: between begin and end.
 */
//@ plumbing
static inline void tlb_flush_mmu(struct mmu_gather *tlb)
{
	unsigned int i;

	if (!tlb->need_flush)
		return;
	tlb->need_flush = 0;
	flush_tlb_mm(tlb->mm);
	for (i = 0; i < tlb->nr; i++)
		put_page(tlb->pages[i]);
	tlb->nr = 0;
}

/* A present PTE has been cleared. Context: its lock is held. */
//@ plumbing
static inline void tlb_remove_tlb_entry(struct mmu_gather *tlb)
{
	tlb->need_flush = 1;
}

/* The page of a cleared PTE, with the reference that the PTE had. Context: as above. */
//@ plumbing
static inline void tlb_remove_page(struct mmu_gather *tlb, struct page *page)
{
	tlb->need_flush = 1;
	tlb->pages[tlb->nr++] = page;
	if (tlb->nr >= FREE_PTE_NR)
		tlb_flush_mmu(tlb);
}

/* End. Context: as for the begin; enables preemption. */
//@ plumbing
static inline void tlb_finish_mmu(struct mmu_gather *tlb)
{
	tlb_flush_mmu(tlb);
	preempt_enable();
}

#endif
