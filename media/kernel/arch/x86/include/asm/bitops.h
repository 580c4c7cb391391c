/* SPDX-License-Identifier: GPL-2.0-only */
/* Atomic operations on the bits of an unsigned long, and their plain twins. */
#ifndef _ASM_X86_BITOPS_H
#define _ASM_X86_BITOPS_H

#include <linux/kernel.h>

#define BITS_PER_LONG	32

/* Set a bit. Context: any. */
//@ plumbing
static inline void set_bit(int nr, volatile unsigned long *word)
{
	fl_set_bit(nr, word);
}

/* Clear a bit. Context: any. */
//@ plumbing
static inline void clear_bit(int nr, volatile unsigned long *word)
{
	fl_clear_bit(nr, word);
}

/* Is the bit set? Context: any; the answer may be old at once. */
//@ plumbing
static inline int test_bit(int nr, const volatile unsigned long *word)
{
	//@ racy *word : a look without a lock; who relies on the answer holds the lock of that bit, or sets the bit by test_and_set_bit()
	return (*word >> nr) & 1;
}

/* Set a bit and say whether it was set before. Context: any. */
//@ plumbing
static inline int test_and_set_bit(int nr, volatile unsigned long *word)
{
	return fl_test_and_set_bit(nr, word);
}

/* Clear a bit and say whether it was set before. Context: any. */
//@ plumbing
static inline int test_and_clear_bit(int nr, volatile unsigned long *word)
{
	return fl_test_and_clear_bit(nr, word);
}

/* Set a bit without atomicity. Context: nobody else can see the word yet. */
//@ plumbing
static inline void __set_bit(int nr, unsigned long *word)
{
	*word |= 1UL << nr;
}

/* Clear a bit without atomicity. Context: nobody else can see the word. */
//@ plumbing
static inline void __clear_bit(int nr, unsigned long *word)
{
	*word &= ~(1UL << nr);
}

/* Test and set with acquire order, as the first act of a bit lock. Context: any. */
//@ plumbing
static inline int test_and_set_bit_lock(int nr, volatile unsigned long *word)
{
	return fl_test_and_set_bit(nr, word);
}

/* Clear with release order, as the last act of a bit lock. Context: any. */
//@ plumbing
static inline void clear_bit_unlock(int nr, volatile unsigned long *word)
{
	fl_clear_bit(nr, word);
}

#endif
