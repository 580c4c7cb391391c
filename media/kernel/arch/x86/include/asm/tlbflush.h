/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dropping translations from the TLB. The machine does it on every CPU at once;
 * the interrupts that Linux sends to the other CPUs for it are cut.
 */
#ifndef _ASM_X86_TLBFLUSH_H
#define _ASM_X86_TLBFLUSH_H

#include <faultline/machine.h>

struct mm_struct;
struct vm_area_struct;

/* Drop the translation of one page. Context: any. */
//@ plumbing
static inline void flush_tlb_page(struct vm_area_struct *vma, unsigned long address)
{
	(void)vma;
	fl_flush_tlb_page(address);
}

/* Drop all translations of an address space. Context: any. */
//@ plumbing
static inline void flush_tlb_mm(struct mm_struct *mm)
{
	(void)mm;
	fl_flush_tlb();
}

#endif
