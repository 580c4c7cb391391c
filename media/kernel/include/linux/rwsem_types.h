/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rw_semaphore itself, apart from its operations so that struct mm_struct
 * can contain one. On 32-bit x86 the count is the sum of
 *
 *   +0x00000001  for every holder, reader or writer (the active part)
 *   -0x00010000  while a writer holds it or has just tried to
 *   -0x00010000  while the wait list is not empty
 *
 * so one bit pattern can have two meanings: 0xffff0001 is "one writer, nobody
 * waits" or "one reader, somebody waits". The wait list tells them apart.
 */
#ifndef _LINUX_RWSEM_TYPES_H
#define _LINUX_RWSEM_TYPES_H

#include <linux/spinlock.h>

#define RWSEM_UNLOCKED_VALUE	0x00000000L
#define RWSEM_ACTIVE_BIAS	0x00000001L
#define RWSEM_ACTIVE_MASK	0x0000ffffL
#define RWSEM_WAITING_BIAS	(-RWSEM_ACTIVE_MASK - 1)
#define RWSEM_ACTIVE_READ_BIAS	RWSEM_ACTIVE_BIAS
#define RWSEM_ACTIVE_WRITE_BIAS	(RWSEM_WAITING_BIAS + RWSEM_ACTIVE_BIAS)

struct rw_semaphore {
	long count;			/* atomic; see above */
	spinlock_t wait_lock;		/* guards wait_list */
	//@ guard wait_list read by wait_lock write by wait_lock
	struct list_head wait_list;	/* of struct rwsem_waiter, first come first */
};

/* One waiting task; lies on the stack of that task. */
struct rwsem_waiter {
	struct list_head list;		/* in wait_list, under wait_lock */
	struct task_struct *task;	/* NULL once the lock has been granted */
	//@ flags flags RWSEM_WAITING_FOR_
	unsigned int flags;
#define RWSEM_WAITING_FOR_READ	0x00000001
#define RWSEM_WAITING_FOR_WRITE	0x00000002
};

#endif
