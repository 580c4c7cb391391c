/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages and addresses of i386 without PAE. Kernel memory is mapped one to one
 * at PAGE_OFFSET: virtual = physical + PAGE_OFFSET. There is no high memory.
 */
#ifndef _ASM_X86_PAGE_H
#define _ASM_X86_PAGE_H

#include <linux/types.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))
#define PAGE_ALIGN(addr)	(((addr) + PAGE_SIZE - 1) & PAGE_MASK)

#define PAGE_OFFSET	0xc0000000UL
#define __pa(address)	((unsigned long)(address) - PAGE_OFFSET)
#define __va(physical)	((void *)((unsigned long)(physical) + PAGE_OFFSET))

/* User space ends where kernel memory starts. */
#define TASK_SIZE	PAGE_OFFSET
#define TASK_SIZE_MAX	TASK_SIZE
/* Where mmap() looks for a free place first. */
#define TASK_UNMAPPED_BASE	0x40000000UL

#define THREAD_SIZE	8192	/* bytes of a kernel stack */

#endif
