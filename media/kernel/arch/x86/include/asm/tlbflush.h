/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dropping translations from the TLB. A CPU goes on using what it has looked up once,
 * whatever is written to the page tables later, until somebody tells it to forget.
 *
 * Linux notes in mm->cpu_vm_mask which CPUs use an address space when it switches
 * tasks. Switching is done by the machine here, so the mask comes from there too.
 */
#ifndef _ASM_X86_TLBFLUSH_H
#define _ASM_X86_TLBFLUSH_H

#include <faultline/machine.h>
#include <asm/page.h>

struct mm_struct;
struct vm_area_struct;

/* In place of an address: all of them. */
#define TLB_FLUSH_ALL	0xffffffffUL

/* On this CPU: one page (the instruction invlpg), or everything (CR3 loaded again). */
#define __flush_tlb_one(address)	fl_flush_tlb_page(address)
#define local_flush_tlb()		fl_flush_tlb()

/* The CPUs that use an address space, one bit for each. Context: any. */
#define mm_cpumask(mm)	fl_cr3_cpus(__pa((mm)->pgd))

/* arch/x86/mm/tlb.c */
void flush_tlb_page(struct vm_area_struct *vma, unsigned long address);
void flush_tlb_mm(struct mm_struct *mm);
void flush_tlb_others(unsigned long cpumask, struct mm_struct *mm, unsigned long address);

#endif
