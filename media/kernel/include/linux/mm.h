/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The heart of memory management: flags of VMAs and faults, references to pages,
 * and the functions of mm/. Requests to a fault handler are FAULT_FLAG_ bits, its
 * answers are VM_FAULT_ bits.
 *
 * Cut: huge and compound pages, mlock, NUMA, nonlinear mappings, swap, memory
 * control groups. Where the fault path meets one of them, a hook that is off
 * stands in its place.
 */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mm_types.h>
#include <linux/page-flags.h>
#include <linux/sched.h>
#include <asm/atomic.h>
#include <asm/pgtable.h>

/* What a VMA allows (low four bits), might allow, and is. */
#define VM_READ		0x00000001
#define VM_WRITE	0x00000002
#define VM_EXEC		0x00000004
#define VM_SHARED	0x00000008
#define VM_MAYREAD	0x00000010
#define VM_MAYWRITE	0x00000020
#define VM_MAYEXEC	0x00000040
#define VM_MAYSHARE	0x00000080
#define VM_GROWSDOWN	0x00000100	/* a stack */
#define VM_LOCKED	0x00002000	/* mlock; never set in this tree */
#define VM_SEQ_READ	0x00008000	/* madvise: read in order */
#define VM_RAND_READ	0x00010000	/* madvise: read at random */
#define VM_NONLINEAR	0x00800000	/* never set in this tree */

#define VM_RandomReadHint(vma)		((vma)->vm_flags & VM_RAND_READ)
#define VM_SequentialReadHint(vma)	((vma)->vm_flags & VM_SEQ_READ)

/* PTE bits by the low four VM_ bits. */
extern pgprot_t protection_map[16];

/* What the caller asks of a fault handler. */
#define FAULT_FLAG_WRITE	0x01	/* the access is a write */
#define FAULT_FLAG_NONLINEAR	0x02	/* through a nonlinear mapping */
#define FAULT_FLAG_MKWRITE	0x04	/* a present PTE is to become writable */
#define FAULT_FLAG_RELEASE	0x08	/* drop mmap_sem rather than block with it */

/*
 * One fault, as the handler of a VMA sees it. The handler puts the page, with a
 * reference for the caller, into `page`.
 */
struct vm_fault {
	//@ flags flags FAULT_FLAG_
	unsigned int flags;
	pgoff_t pgoff;			/* wanted page of the file */
	void __user *virtual_address;
	struct page *page;		/* set by ->fault() */
};

struct vm_operations_struct {
	/* Find or read the page. Context: mmap_sem held for reading; may sleep. */
	int (*fault)(struct vm_area_struct *vma, struct vm_fault *vmf);
	/* A shared page is about to become writable. Context: as above, page unlocked. */
	int (*page_mkwrite)(struct vm_area_struct *vma, struct vm_fault *vmf);
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
};

/* What a fault handler answers; several bits may be set. */
#define VM_FAULT_OOM		0x0001	/* no memory */
#define VM_FAULT_SIGBUS		0x0002	/* no such page, or it cannot be read */
#define VM_FAULT_MAJOR		0x0004	/* it took a read from the disk */
#define VM_FAULT_WRITE		0x0008	/* a write was made possible */
#define VM_FAULT_HWPOISON	0x0010	/* the memory is broken */

#define VM_FAULT_NOPAGE		0x0100	/* the handler installed the PTE itself */
#define VM_FAULT_LOCKED		0x0200	/* the page comes back locked */
#define VM_FAULT_RELEASED	0x0400	/* mmap_sem has been dropped: start again */

/* Any of these means that the fault failed. */
#define VM_FAULT_ERROR	(VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_HWPOISON)

/* ---- references ---- */

/* How many references the page has. Context: any. */
#define page_count(page)	atomic_read(&(page)->_count)
/* How many PTEs map the page. Context: any. */
#define page_mapcount(page)	(atomic_read(&(page)->_mapcount) + 1)
#define page_mapped(page)	(atomic_read(&(page)->_mapcount) >= 0)

/*
 * Take one more reference to a page that has one already.
 * Context: any; the caller owns a reference or a lock that keeps one.
 */
static inline void get_page(struct page *page)
{
	VM_BUG_ON(atomic_read(&page->_count) <= 0);
	atomic_inc(&page->_count);
	//@ get page
}

/*
 * Take a reference to a page that may just be dying: 0 if it is dead.
 * Context: any; the memory of struct page never goes away.
 */
static inline int __must_check get_page_unless_zero(struct page *page)
{
	if (!atomic_inc_not_zero(&page->_count))
		return 0;
	//@ get page
	return 1;
}

/*
 * Give a reference back; with the last one the page frame becomes free.
 * Context: any; the caller owns the reference.
 */
static inline void put_page(struct page *page)
{
	int was_last;

	VM_BUG_ON(atomic_read(&page->_count) <= 0);
	was_last = atomic_dec_and_test(&page->_count);
	//@ put page
	if (was_last)
		free_hot_cold_page(page, 0);
}

/* The file that a page caches, or NULL; anonymous pages have none. Context: any. */
//@ plumbing
static inline struct address_space *page_mapping(struct page *page)
{
	//@ racy page->mapping : without the page lock it is a hint, since truncation may clear it at any time
	return PageAnon(page) ? NULL : page->mapping;
}

/* ---- page tables ---- */

/* The lock of the page table that an entry of the directory points to. Context: any. */
#define pte_lockptr(mm, pmd)	(&pmd_page(*(pmd))->ptl)

/* Find a PTE and lock its table. Context: mmap_sem held; the PTE lock on return. */
#define pte_offset_map_lock(mm, pmd, address, ptlp) ({ \
	spinlock_t *__ptl = pte_lockptr(mm, pmd); \
	pte_t *__pte = pte_offset_map(pmd, address); \
	*(ptlp) = __ptl; \
	spin_lock(__ptl); \
	__pte; \
})
#define pte_unmap_unlock(pte, ptl) \
	do { \
		spin_unlock(ptl); \
		pte_unmap(pte); \
	} while (0)

/* The middle levels are folded into the directory, so they always exist. */
#define pud_alloc(mm, pgd, address)	pud_offset(pgd, address)
#define pmd_alloc(mm, pud, address)	pmd_offset(pud, address)
/* The PTE for an address, with a new table if there was none; NULL: no memory. */
#define pte_alloc_map(mm, pmd, address) \
	(pmd_none(*(pmd)) && __pte_alloc(mm, pmd, address) ? \
		NULL : pte_offset_map(pmd, address))

int __pte_alloc(struct mm_struct *mm, pmd_t *pmd, unsigned long address);
struct page *pte_alloc_one(struct mm_struct *mm, unsigned long address);
void free_pgtables(struct mm_struct *mm);

/* ---- mm/memory.c, mm/page_alloc.c ---- */

/* A page of zeros that every reader of untouched memory shares. */
extern struct page *empty_zero_page;
/* A page directory without user memory. */
extern pgd_t *swapper_pg_dir;

int handle_mm_fault(struct mm_struct *mm, struct vm_area_struct *vma,
		    unsigned long address, unsigned int flags);
unsigned long zap_page_range(struct vm_area_struct *vma, unsigned long start,
			     unsigned long end);
void unmap_mapping_range(struct address_space *mapping, loff_t holebegin, loff_t holelen);
void sync_mm_rss(struct task_struct *task, struct mm_struct *mm);

/* ---- mm/mmap.c ---- */

struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
int expand_stack(struct vm_area_struct *vma, unsigned long address);
unsigned long do_mmap_pgoff(struct file *file, unsigned long addr, unsigned long len,
			    unsigned long prot, unsigned long flags, unsigned long pgoff);
int do_munmap(struct mm_struct *mm, unsigned long start, size_t len);
void exit_mmap(struct mm_struct *mm);
pgprot_t vm_get_page_prot(unsigned long vm_flags);
int vma_wants_writenotify(struct vm_area_struct *vma);
void vma_set_page_prot(struct vm_area_struct *vma);
void vma_adjust(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		unsigned long pgoff);
int split_vma(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr);
struct vm_area_struct *vma_merge(struct mm_struct *mm, struct vm_area_struct *vma);
int may_expand_vm(struct mm_struct *mm, unsigned long npages);
unsigned long get_unmapped_area(unsigned long addr, unsigned long len, unsigned long flags);
struct vm_area_struct *find_extend_vma(struct mm_struct *mm, unsigned long addr);
struct vm_area_struct *copy_vma(struct vm_area_struct *vma, unsigned long addr,
				unsigned long len, unsigned long pgoff);

/* ---- mm/gup.c: getting at the pages of any address space ---- */

#define FOLL_WRITE	0x01	/* for writing: copy it first if it is not ours alone */
#define FOLL_TOUCH	0x02	/* mark it as used */
#define FOLL_GET	0x04	/* with a reference for the caller */

struct page *follow_page(struct vm_area_struct *vma, unsigned long address, unsigned int flags);
int get_user_pages(struct task_struct *tsk, struct mm_struct *mm, unsigned long start,
		   int nr_pages, int write, int force, struct page **pages,
		   struct vm_area_struct **vmas);
int access_process_vm(struct task_struct *tsk, unsigned long addr, void *buf, int len,
		      int write);

/* ---- mm/oom_kill.c, mm/page-writeback.c, mm/memory-failure.c ---- */

void pagefault_out_of_memory(void);
int set_page_dirty(struct page *page);
void set_page_dirty_balance(struct page *page, int page_mkwrite);
void balance_dirty_pages_ratelimited(struct address_space *mapping);
int memory_failure(struct vm_area_struct *vma, unsigned long address, struct page *page);

/* ---- hooks of what is cut ---- */

/*
 * Huge pages do not exist here, so no VMA is one.
 * Context: any.
 */
//@ plumbing
static inline int is_vm_hugetlb_page(struct vm_area_struct *vma)
{
	(void)vma;
	return 0;
}

#endif
