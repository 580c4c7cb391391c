/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spinlocks for several CPUs: a word that is 1 while somebody is inside. A CPU
 * that finds it taken stands still until the word changes. Nobody may sleep with
 * a spinlock held; to catch it, taking one counts up preempt_count, as Linux
 * does when it is built with preemption. Fair queueing (tickets), lock debugging
 * and readers-writer spinlocks are cut.
 */
#ifndef _LINUX_SPINLOCK_H
#define _LINUX_SPINLOCK_H

#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <linux/types.h>

typedef struct {
	volatile int slock;
} spinlock_t;

#define __SPIN_LOCK_UNLOCKED(name)	{ 0 }
#define DEFINE_SPINLOCK(name)	spinlock_t name = __SPIN_LOCK_UNLOCKED(name)

/* kernel/spinlock.c; they need struct task_struct for preempt_count. */
void spin_lock_init(spinlock_t *lock);
void spin_lock(spinlock_t *lock);
int __must_check spin_trylock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
void spin_lock_irq(spinlock_t *lock);
void spin_unlock_irq(spinlock_t *lock);

#define spin_lock_irqsave(lock, flags) \
	do { \
		local_irq_save(flags); \
		spin_lock(lock); \
	} while (0)
#define spin_unlock_irqrestore(lock, flags) \
	do { \
		spin_unlock(lock); \
		local_irq_restore(flags); \
	} while (0)

#endif
