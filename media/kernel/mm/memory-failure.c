/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that has broken: the page is marked and must never be mapped again.
 *
 * Source: mm/memory-failure.c of Linux 2.6.36. Cut: machine checks (a program says so by
 * madvise), mappings of other processes, killing those who have the page mapped, and the
 * attempt to take the page out of its file, which Linux gives up as well if anybody else
 * has a reference.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>

/*
 * Mark a page as broken and unmap it at an address. Whoever wants it again gets SIGBUS.
 * Context: mmap_sem held for reading; may sleep; the caller has a reference to the page.
 */
int memory_failure(struct vm_area_struct *vma, unsigned long address, struct page *page)
{
	if (PageReserved(page))
		return -EBUSY;
	lock_page(page);
	SetPageHWPoison(page);
	zap_page_range(vma, address & PAGE_MASK, (address & PAGE_MASK) + PAGE_SIZE);
	unlock_page(page);
	return 0;
}
