/* SPDX-License-Identifier: GPL-2.0-only */
/* The LRU lists. There is no swap and, in this tree, no reclaim that reads them. */
#ifndef _LINUX_SWAP_H
#define _LINUX_SWAP_H

struct page;

/* mm/swap.c */
void lru_cache_add_file(struct page *page);
void lru_cache_add_anon(struct page *page);
void lru_cache_del(struct page *page);
void mark_page_accessed(struct page *page);

#endif
