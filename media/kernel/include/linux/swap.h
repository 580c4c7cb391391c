/* SPDX-License-Identifier: GPL-2.0-only */
/* The LRU lists and reclaim, which reads them. There is no swap. */
#ifndef _LINUX_SWAP_H
#define _LINUX_SWAP_H

struct list_head;
struct page;

/* mm/swap.c */
void lru_cache_add_file(struct page *page);
void lru_cache_add_anon(struct page *page);
void lru_cache_del(struct page *page);
void mark_page_accessed(struct page *page);
/* mm/vmscan.c */
int isolate_lru_page(struct page *page);
unsigned long shrink_page_list(struct list_head *page_list);
unsigned long try_to_free_pages(void);

#endif
