/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fast paths of the rw_semaphore: one atomic operation each when nobody is
 * in the way. On real hardware they are a few lines of assembly; the slow paths
 * are in lib/rwsem.c.
 */
#ifndef _ASM_X86_RWSEM_H
#define _ASM_X86_RWSEM_H

#include <linux/rwsem_types.h>
#include <linux/types.h>
#include <faultline/machine.h>

/* lib/rwsem.c */
void rwsem_down_read_failed(struct rw_semaphore *sem);
void rwsem_down_write_failed(struct rw_semaphore *sem);
void rwsem_wake(struct rw_semaphore *sem);
void rwsem_downgrade_wake(struct rw_semaphore *sem);

/* Add to the count and return the sum (xadd). Context: any. */
//@ plumbing
static inline long rwsem_atomic_update(long delta, struct rw_semaphore *sem)
{
	return fl_atomic_add((volatile int *)&sem->count, (int)delta) + delta;
}

/*
 * Take for reading: one more holder. A negative sum means that a writer is
 * inside or that somebody waits already, and this task has to queue.
 * Context: may sleep; held for reading on return.
 */
static inline void __down_read(struct rw_semaphore *sem)
{
	long count;

	//@ cost rwsem_fast
	count = rwsem_atomic_update(RWSEM_ACTIVE_READ_BIAS, sem);
	if (count < 0) {
		rwsem_down_read_failed(sem);
		return;
	}
	//@ acquire read sem
}

/*
 * Take for reading only if nobody is in the way: 1 for success. Fails exactly
 * when the count is negative, so also when a writer merely waits.
 * Context: never sleeps; held for reading if the result is 1.
 */
//@ cost rwsem_fast
static inline int __down_read_trylock(struct rw_semaphore *sem)
{
	//@ racy sem->count : only a first guess: the exchange compares it and says what was there
	long seen = sem->count;

	while (seen >= 0) {
		long before = (long)fl_atomic_cmpxchg(&sem->count, (unsigned long)seen,
						      (unsigned long)(seen + RWSEM_ACTIVE_READ_BIAS));

		if (before == seen) {
			//@ acquire read sem
			return 1;
		}
		seen = before;
	}
	return 0;
}

/*
 * Take for writing: it works at once only if the count was 0.
 * Context: may sleep; held for writing on return.
 */
static inline void __down_write(struct rw_semaphore *sem)
{
	long count;

	//@ cost rwsem_fast
	count = rwsem_atomic_update(RWSEM_ACTIVE_WRITE_BIAS, sem);
	if (count != RWSEM_ACTIVE_WRITE_BIAS) {
		rwsem_down_write_failed(sem);
		return;
	}
	//@ acquire write sem
}

/*
 * Take for writing only if the lock is free and nobody waits: 1 for success.
 * Context: never sleeps; held for writing if the result is 1.
 */
//@ cost rwsem_fast
static inline int __down_write_trylock(struct rw_semaphore *sem)
{
	if (fl_atomic_cmpxchg(&sem->count, RWSEM_UNLOCKED_VALUE,
			      (unsigned long)RWSEM_ACTIVE_WRITE_BIAS) != RWSEM_UNLOCKED_VALUE)
		return 0;
	//@ acquire write sem
	return 1;
}

/*
 * Drop a read hold. A negative sum whose active part is 0 means that somebody
 * waits and this was the last holder: wake the front of the queue.
 * Context: any; the caller holds it for reading.
 */
static inline void __up_read(struct rw_semaphore *sem)
{
	long count;

	//@ cost rwsem_fast
	count = rwsem_atomic_update(-RWSEM_ACTIVE_READ_BIAS, sem);
	//@ drop sem
	if (count < 0 && (count & RWSEM_ACTIVE_MASK) == 0)
		rwsem_wake(sem);
}

/*
 * Drop the write hold; anything but 0 that remains is somebody who waits.
 * Context: any; the caller holds it for writing.
 */
static inline void __up_write(struct rw_semaphore *sem)
{
	long count;

	//@ cost rwsem_fast
	count = rwsem_atomic_update(-RWSEM_ACTIVE_WRITE_BIAS, sem);
	//@ drop sem
	if (count < 0 && (count & RWSEM_ACTIVE_MASK) == 0)
		rwsem_wake(sem);
}

/*
 * Turn the write hold into a read hold, and let in the readers at the front.
 * Context: any; held for writing on entry, for reading on return.
 */
static inline void __downgrade_write(struct rw_semaphore *sem)
{
	long count = rwsem_atomic_update(-RWSEM_WAITING_BIAS, sem);

	//@ drop sem
	//@ acquire read sem
	if (count < 0)
		rwsem_downgrade_wake(sem);
}

#endif
