/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic integers. On real hardware each of these is one instruction with a
 * lock prefix; here each is one intrinsic of the machine.
 */
#ifndef _ASM_X86_ATOMIC_H
#define _ASM_X86_ATOMIC_H

#include <linux/kernel.h>

#define ATOMIC_INIT(i)	{ (i) }

/* The value now. Context: any. */
//@ plumbing
static inline int atomic_read(const atomic_t *v)
{
	return v->counter;
}

/* Give it a first value. Context: nobody else uses it yet. */
//@ plumbing
static inline void atomic_set(atomic_t *v, int i)
{
	v->counter = i;
}

/* Add, and return the sum. Context: any. */
//@ plumbing
static inline int atomic_add_return(int i, atomic_t *v)
{
	return fl_atomic_add(&v->counter, i) + i;
}

/* Add 1. Context: any. */
//@ plumbing
static inline void atomic_inc(atomic_t *v)
{
	fl_atomic_add(&v->counter, 1);
}

/* Subtract 1. Context: any. */
//@ plumbing
static inline void atomic_dec(atomic_t *v)
{
	fl_atomic_add(&v->counter, -1);
}

/* Add 1; true if that made it 0. Context: any. */
//@ plumbing
static inline int atomic_inc_and_test(atomic_t *v)
{
	return atomic_add_return(1, v) == 0;
}

/* Subtract 1; true if that made it 0. Context: any. */
//@ plumbing
static inline int atomic_dec_and_test(atomic_t *v)
{
	return atomic_add_return(-1, v) == 0;
}

/* Add i; true if that made it negative. Context: any. */
//@ plumbing
static inline int atomic_add_negative(int i, atomic_t *v)
{
	return atomic_add_return(i, v) < 0;
}

/* Replace `expected` by `desired`; returns what was there. Context: any. */
//@ plumbing
static inline int atomic_cmpxchg(atomic_t *v, int expected, int desired)
{
	return (int)fl_atomic_cmpxchg(&v->counter, (unsigned long)expected,
				      (unsigned long)desired);
}

/* Add 1 unless it is 0; true if it was added. Context: any. */
//@ plumbing
static inline int atomic_inc_not_zero(atomic_t *v)
{
	int seen = atomic_read(v);

	while (seen != 0) {
		int before = atomic_cmpxchg(v, seen, seen + 1);

		if (before == seen)
			return 1;
		seen = before;
	}
	return 0;
}

#endif
