/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page-table entries of i386 without PAE: two levels of 1024 words. The two
 * middle levels of Linux are folded: a pud and a pmd are the pgd entry itself.
 */
#ifndef _ASM_X86_PGTABLE_TYPES_H
#define _ASM_X86_PGTABLE_TYPES_H

#define PAGE_BIT_RW		1
#define _PAGE_PRESENT		0x001UL
#define _PAGE_RW		0x002UL
#define _PAGE_USER		0x004UL
#define _PAGE_ACCESSED		0x020UL
#define _PAGE_DIRTY		0x040UL
/* In an entry that is not present: it stands for a file offset (never here). */
#define _PAGE_FILE		0x040UL
/* In an entry that is not present for the CPU: a page is there, and nobody may access it. */
#define _PAGE_PROTNONE		0x100UL
/* What a change of the protection keeps: the frame and the marks. */
#define _PAGE_CHG_MASK		(0xfffff000UL | _PAGE_ACCESSED | _PAGE_DIRTY)
#define _PAGE_TABLE \
	(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY)

typedef struct {
	//@ flags pte _PAGE_
	unsigned long pte;
} pte_t;

typedef struct {
	unsigned long pgd;
} pgd_t;

typedef struct {
	pgd_t pgd;
} pud_t;

typedef struct {
	pud_t pud;
} pmd_t;

typedef struct {
	unsigned long pgprot;
} pgprot_t;

#define __pgprot(x)	((pgprot_t) { (x) })
#define pgprot_val(x)	((x).pgprot)
#define pte_val(x)	((x).pte)

#define PAGE_NONE	__pgprot(_PAGE_PROTNONE | _PAGE_ACCESSED)
#define PAGE_READONLY	__pgprot(_PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED)
#define PAGE_COPY	PAGE_READONLY
#define PAGE_SHARED	__pgprot(_PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED)

#endif
