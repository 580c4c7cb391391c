/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flushing the TLBs of all CPUs that use an address space. A CPU can flush only its
 * own; for the others Linux sends an interrupt and waits until all have answered.
 * Here the machine does that in one step, as if they answered at once: only the
 * sender pays for it.
 *
 * Source: arch/x86/mm/tlb.c of Linux 2.6.36. Cut: lazy TLB mode (an idle CPU keeps the
 * page tables of the last task, and is flushed like the others), flushing of ranges.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <asm/tlbflush.h>

/*
 * Make the other CPUs of a mask forget one page, or everything with TLB_FLUSH_ALL.
 * Context: any; when it returns, they have.
 */
//@ cost tlb_shootdown
void flush_tlb_others(unsigned long cpumask, struct mm_struct *mm, unsigned long address)
{
	(void)mm;
	fl_flush_tlb_others(cpumask, address);
}

/*
 * Make all CPUs that use an address space forget one page of it. Needed after every
 * change of a present PTE that takes something away: the page, or the right to write.
 * Context: any.
 */
//@ plumbing
void flush_tlb_page(struct vm_area_struct *vma, unsigned long address)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long others;

	preempt_disable();
	if (current->active_mm == mm)
		__flush_tlb_one(address);
	others = mm_cpumask(mm) & ~(1UL << smp_processor_id());
	if (others)
		flush_tlb_others(others, mm, address);
	preempt_enable();
}

/*
 * Make all CPUs that use an address space forget all of it.
 * Context: any.
 */
//@ plumbing
void flush_tlb_mm(struct mm_struct *mm)
{
	unsigned long others;

	preempt_disable();
	if (current->active_mm == mm)
		local_flush_tlb();
	others = mm_cpumask(mm) & ~(1UL << smp_processor_id());
	if (others)
		flush_tlb_others(others, mm, TLB_FLUSH_ALL);
	preempt_enable();
}
