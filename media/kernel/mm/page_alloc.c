/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page frames: the array of struct page, and the list of free ones.
 *
 * Source: the interface of mm/page_alloc.c and mm/bootmem.c of Linux 2.6.36. Cut:
 * the buddy system (only single frames are needed), zones and nodes, watermarks. An
 * allocation that may sleep and finds no free frame reclaims some and tries once more;
 * Linux would try for longer, and let the OOM killer help.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/swap.h>
#include <linux/vmstat.h>

struct page *mem_map;		/* one struct page per page frame */
unsigned long max_mapnr;	/* number of page frames */
struct zone contig_zone;
struct page *empty_zero_page;
pgd_t *swapper_pg_dir;

static unsigned long bootmem_next;	/* first address that is not given away */

/*
 * Memory for the time before the allocator works; it is never given back. Zeroed.
 * Context: boot.
 */
void __init *alloc_bootmem(unsigned long bytes, unsigned long align)
{
	unsigned long start = (bootmem_next + align - 1) & ~(align - 1);

	bootmem_next = start + bytes;
	if (__pa(bootmem_next) > fl_ram_bytes())
		fl_bug("out of memory while booting: the machine has too few page frames");
	memset((void *)start, 0, bytes);
	return (void *)start;
}

/*
 * The table of wait queues for pages: one queue for 256 pages, rounded up to a power of
 * two, at least 4.
 * Context: boot.
 */
static void __init zone_wait_table_init(struct zone *zone)
{
	unsigned long entries = max_mapnr / 256;
	unsigned long i;

	entries = max_t(unsigned long, 4, min_t(unsigned long, entries, WAIT_TABLE_MAX));
	zone->wait_table_bits = 0;
	while ((1UL << zone->wait_table_bits) < entries)
		zone->wait_table_bits++;
	for (i = 0; i < (1UL << zone->wait_table_bits); i++)
		init_waitqueue_head(&zone->wait_table[i]);
}

/*
 * Begin with memory: `first_free` is the first address behind the program.
 * Context: boot, before any lock is used.
 */
void __init mem_init(unsigned long first_free)
{
	bootmem_next = first_free;
	max_mapnr = fl_ram_bytes() >> PAGE_SHIFT;
	mem_map = alloc_bootmem(max_mapnr * sizeof(struct page), 64);

	spin_lock_init(&contig_zone.lock);
	spin_lock_init(&contig_zone.lru_lock);
	INIT_LIST_HEAD(&contig_zone.free_list);
	INIT_LIST_HEAD(&contig_zone.inactive_file);
	INIT_LIST_HEAD(&contig_zone.inactive_anon);
	zone_wait_table_init(&contig_zone);
}

/* How many frames are free. Context: any; the answer may be old at once. */
//@ plumbing
unsigned long nr_free_pages(void)
{
	//@ racy contig_zone.nr_free : without the zone's lock; it only bounds a guess
	return contig_zone.nr_free;
}

/*
 * Take a frame off the free list, with one reference; NULL if there is none.
 * Context: any; takes the zone's lock.
 */
//@ plumbing
struct page *rmqueue(gfp_t gfp_mask)
{
	struct zone *zone = &contig_zone;
	struct page *page = NULL;
	unsigned long flags;

	spin_lock_irqsave(&zone->lock, flags);
	if (!list_empty(&zone->free_list)) {
		page = list_first_entry(&zone->free_list, struct page, lru);
		list_del(&page->lru);
		zone->nr_free--;
	}
	spin_unlock_irqrestore(&zone->lock, flags);
	if (!page)
		return NULL;

	VM_BUG_ON(page_count(page) != 0);
	page->flags = 0;
	page->mapping = NULL;
	page->private = 0;
	atomic_set(&page->_mapcount, -1);
	atomic_set(&page->_count, 1);
	count_vm_event(PGALLOC);
	fl_memory_state(page_address(page), PAGE_SIZE, FL_MEMORY_USABLE);
	if (gfp_mask & __GFP_ZERO)
		memset(page_address(page), 0, PAGE_SIZE);
	return page;
}

/*
 * Give every frame behind the boot memory to the allocator, and make the page of
 * zeros and the kernel's own page directory. Frames below stay reserved.
 * Context: boot; alloc_bootmem() is over.
 */
void __init free_all_bootmem(void)
{
	unsigned long first = (__pa(bootmem_next) + PAGE_SIZE - 1) >> PAGE_SHIFT;
	unsigned long pfn;

	for (pfn = 0; pfn < max_mapnr; pfn++) {
		struct page *page = pfn_to_page(pfn);

		atomic_set(&page->_mapcount, -1);
		if (pfn < first) {
			__SetPageReserved(page);
			continue;
		}
		list_add_tail(&page->lru, &contig_zone.free_list);
		contig_zone.nr_free++;
	}
	empty_zero_page = rmqueue(GFP_KERNEL | __GFP_ZERO);
	BUG_ON(!empty_zero_page);
	__SetPageReserved(empty_zero_page);
	swapper_pg_dir = (pgd_t *)get_zeroed_page(GFP_KERNEL);
	BUG_ON(!swapper_pg_dir);
}

/*
 * No frame is free. Reclaim, if the caller may sleep, and try again.
 * Context: as alloc_page().
 */
static noinline struct page *__alloc_pages_slowpath(gfp_t gfp_mask)
{
	if (!(gfp_mask & __GFP_WAIT))
		return NULL;
	//@ anchor direct_reclaim : No page frame is free: the task that wants one reclaims
	if (!try_to_free_pages())
		return NULL;
	return rmqueue(gfp_mask);
}

/*
 * A free page frame for a file or a user, with one reference for the caller; NULL if
 * there is none.
 * Context: may sleep if gfp_mask says so; takes the zone's lock.
 */
struct page *alloc_page(gfp_t gfp_mask)
{
	struct page *page = rmqueue(gfp_mask);

	if (unlikely(!page))
		page = __alloc_pages_slowpath(gfp_mask);
	if (!page)
		return NULL;
	//@ get page
	return page;
}

/*
 * The last reference is gone: the frame becomes free.
 * Context: any; takes the zone's lock, and lru_lock if it was on a list.
 */
void free_hot_cold_page(struct page *page, int cold)
{
	struct zone *zone = page_zone(page);
	unsigned long flags;

	(void)cold;
	VM_BUG_ON(page_count(page) != 0);
	VM_BUG_ON(page_mapped(page));
	VM_BUG_ON(PageReserved(page));
	if (PageLRU(page))
		lru_cache_del(page);
	/* A page of the cache must have left it before its last reference goes. */
	VM_BUG_ON(page->mapping && !PageAnon(page));
	page->mapping = NULL;
	count_vm_event(PGFREE);
	fl_memory_state(page_address(page), PAGE_SIZE, FL_MEMORY_FREE_PAGE);

	spin_lock_irqsave(&zone->lock, flags);
	list_add_tail(&page->lru, &zone->free_list);
	zone->nr_free++;
	spin_unlock_irqrestore(&zone->lock, flags);
}

/*
 * A free frame for the kernel's own use, by its address; 0 if there is none. Nobody
 * else ever gets a reference to such a page.
 * Context: may sleep if gfp_mask says so; takes the zone's lock.
 */
//@ plumbing
unsigned long __get_free_page(gfp_t gfp_mask)
{
	struct page *page = rmqueue(gfp_mask);

	if (unlikely(!page))
		page = __alloc_pages_slowpath(gfp_mask);
	return page ? (unsigned long)page_address(page) : 0;
}

/* The same, filled with zeros. Context: any. */
//@ plumbing
unsigned long get_zeroed_page(gfp_t gfp_mask)
{
	return __get_free_page(gfp_mask | __GFP_ZERO);
}

/* Give such a frame back. Context: any; takes the zone's lock. */
//@ plumbing
void free_page(unsigned long address)
{
	if (address && atomic_dec_and_test(&virt_to_page(address)->_count))
		free_hot_cold_page(virt_to_page(address), 0);
}
