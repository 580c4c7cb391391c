/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The three structures of the story: the page (one per page frame), the VMA
 * (one per mapped range of an address space) and the mm (one address space).
 *
 * Cut: compound pages, slab and buddy overlays of struct page; the red-black
 * tree of VMAs (the sorted list does, see find_vma()); memory policies, memory
 * control groups, huge pages, nonlinear mappings.
 */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/list.h>
#include <linux/rwsem_types.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <asm/page.h>
#include <asm/pgtable_types.h>

struct address_space;
struct anon_vma;
struct file;
struct vm_operations_struct;

struct page {
	//@ flags flags PG_
	unsigned long flags;		/* PG_ bits, atomic; bit 0 is the page lock */
	atomic_t _count;		/* references; 0: free */
	atomic_t _mapcount;		/* PTEs that map it, minus 1 */
	unsigned long private;		/* belongs to the file system */
	struct address_space *mapping;	/* file it caches, or NULL; under the page lock */
	pgoff_t index;			/* its place in that file, in pages */
	struct list_head lru;		/* LRU list, or a list of the owner */
	spinlock_t ptl;			/* of a page table: guards its PTEs */
};

struct vm_area_struct {
	struct mm_struct *vm_mm;	/* all fields: under vm_mm->mmap_sem */
	//@ guard vm_start read by vm_mm->mmap_sem || vm_file->f_mapping->i_mmap_lock || anon_vma->lock write by vm_mm->mmap_sem
	//@ guard vm_end read by vm_mm->mmap_sem || vm_file->f_mapping->i_mmap_lock || anon_vma->lock write by vm_mm->mmap_sem
	unsigned long vm_start;		/* first address inside */
	unsigned long vm_end;		/* first address behind */
	//@ guard vm_next read by vm_mm->mmap_sem || vm_file->f_mapping->i_mmap_lock || anon_vma->lock write by vm_mm->mmap_sem
	//@ guard vm_prev read by vm_mm->mmap_sem || vm_file->f_mapping->i_mmap_lock || anon_vma->lock write by vm_mm->mmap_sem
	struct vm_area_struct *vm_next, *vm_prev;	/* sorted by address */
	//@ guard vm_page_prot read by vm_mm->mmap_sem || vm_file->f_mapping->i_mmap_lock || anon_vma->lock write by vm_mm->mmap_sem
	pgprot_t vm_page_prot;		/* PTE bits for its pages */
	//@ guard vm_flags read by vm_mm->mmap_sem || vm_file->f_mapping->i_mmap_lock || anon_vma->lock write by vm_mm->mmap_sem
	//@ flags vm_flags VM_
	unsigned long vm_flags;
	struct list_head shared;	/* in the file's i_mmap, under i_mmap_lock */
	struct anon_vma *anon_vma;	/* present once it has a private page */
	//@ guard vm_ops read by vm_mm->mmap_sem || vm_file->f_mapping->i_mmap_lock || anon_vma->lock write by vm_mm->mmap_sem
	//@ guard vm_pgoff read by vm_mm->mmap_sem || vm_file->f_mapping->i_mmap_lock || anon_vma->lock write by vm_mm->mmap_sem
	const struct vm_operations_struct *vm_ops;
	unsigned long vm_pgoff;		/* offset in vm_file, in pages */
	struct file *vm_file;		/* NULL: anonymous */
};

/* What mm counters count. */
enum {
	MM_FILEPAGES,
	MM_ANONPAGES,
	MM_SWAPENTS,
	NR_MM_COUNTERS
};

/* Counts that a task collects before it adds them to its mm. */
struct task_rss_stat {
	int events;
	int count[NR_MM_COUNTERS];
};

struct mm_rss_stat {
	atomic_t count[NR_MM_COUNTERS];
};

struct mm_struct {
	//@ guard mmap read by mmap_sem write by mmap_sem
	struct vm_area_struct *mmap;		/* sorted list, under mmap_sem */
	struct vm_area_struct *mmap_cache;	/* the last find_vma() result */
	pgd_t *pgd;
	atomic_t mm_users;		/* tasks that run in it */
	atomic_t mm_count;		/* 1 for all users together, plus others */
	//@ guard map_count read by mmap_sem write by mmap_sem
	int map_count;			/* number of VMAs, under mmap_sem */
	spinlock_t page_table_lock;	/* guards which page tables exist */
	struct rw_semaphore mmap_sem;
	unsigned long total_vm;		/* pages mapped, under mmap_sem */
	unsigned long stack_vm;
	unsigned long start_brk, brk;	/* the heap: from here to there, under mmap_sem */
	unsigned long nr_ptes;		/* page tables, under page_table_lock */
	struct mm_rss_stat rss_stat;
	const char *name;		/* NON-KERNEL: the process's name in the scenario */
};

#endif
