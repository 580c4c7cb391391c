/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spinlocks; see include/linux/spinlock.h for what they are and what is cut.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

/* Make an unlocked lock. Context: nobody uses it yet. */
//@ plumbing
void spin_lock_init(spinlock_t *lock)
{
	lock->slock = 0;
}

/* Take the lock, spinning. Context: any; sleeping is forbidden until it is dropped. */
//@ plumbing
void spin_lock(spinlock_t *lock)
{
	preempt_disable();
	while (fl_atomic_xchg(&lock->slock, 1) != 0)
		fl_cpu_wait(&lock->slock, 1);
}

/* Take the lock if it is free: 1 for success. Context: any. */
//@ plumbing
int spin_trylock(spinlock_t *lock)
{
	preempt_disable();
	if (fl_atomic_xchg(&lock->slock, 1) == 0)
		return 1;
	preempt_enable();
	return 0;
}

/* Drop the lock. Context: the caller holds it. */
//@ plumbing
void spin_unlock(spinlock_t *lock)
{
	BUG_ON(lock->slock == 0);
	fl_atomic_xchg(&lock->slock, 0);
	preempt_enable();
}

/* Turn interrupts off and take the lock. Context: interrupts on. */
//@ plumbing
void spin_lock_irq(spinlock_t *lock)
{
	local_irq_disable();
	spin_lock(lock);
}

/* Drop the lock and turn interrupts on. Context: the caller holds it. */
//@ plumbing
void spin_unlock_irq(spinlock_t *lock)
{
	spin_unlock(lock);
	local_irq_enable();
}
