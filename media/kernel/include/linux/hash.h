/* SPDX-License-Identifier: GPL-2.0-only */
/* Hashing by multiplication with a prime near the golden ratio of 2^32. */
#ifndef _LINUX_HASH_H
#define _LINUX_HASH_H

#define GOLDEN_RATIO_PRIME_32	0x9e370001UL

/* The upper `bits` bits of the product. Context: any. */
//@ plumbing
static inline unsigned long hash_long(unsigned long value, unsigned int bits)
{
	return (value * GOLDEN_RATIO_PRIME_32) >> (32 - bits);
}

#define hash_ptr(pointer, bits)	hash_long((unsigned long)(pointer), bits)

#endif
