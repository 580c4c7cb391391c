/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small pieces of kernel memory. As with slab debugging, red zones lie around the
 * objects and freed ones are filled with a poison byte; the machine stops at the
 * first use of either.
 */
#ifndef _LINUX_SLAB_H
#define _LINUX_SLAB_H

#include <linux/gfp.h>
#include <linux/types.h>

#define POISON_FREE	0x6b

/* mm/slab.c */
void *kmalloc(size_t size, gfp_t flags);
void *kzalloc(size_t size, gfp_t flags);
void kfree(const void *object);

#endif
