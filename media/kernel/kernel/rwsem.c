/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions that the rest of the kernel calls to lock a rw_semaphore: a check
 * whether sleeping is allowed, then the fast path of asm/rwsem.h.
 *
 * Source: kernel/rwsem.c of Linux 2.6.36. Cut: lock debugging (lockdep).
 */
#include <linux/rwsem.h>
#include <linux/sched.h>

/* See include/linux/rwsem.h. Context: may sleep; held for reading on return. */
void __sched down_read(struct rw_semaphore *sem)
{
	might_sleep();
	__down_read(sem);
}

/* See include/linux/rwsem.h. Context: never sleeps; held for reading if 1. */
int down_read_trylock(struct rw_semaphore *sem)
{
	return __down_read_trylock(sem);
}

/* See include/linux/rwsem.h. Context: may sleep; held for writing on return. */
void __sched down_write(struct rw_semaphore *sem)
{
	might_sleep();
	__down_write(sem);
}

/* See include/linux/rwsem.h. Context: never sleeps; held for writing if 1. */
int down_write_trylock(struct rw_semaphore *sem)
{
	return __down_write_trylock(sem);
}

/* See include/linux/rwsem.h. Context: any; the read hold ends. */
void up_read(struct rw_semaphore *sem)
{
	__up_read(sem);
}

/* See include/linux/rwsem.h. Context: any; the write hold ends. */
void up_write(struct rw_semaphore *sem)
{
	__up_write(sem);
}

/* See include/linux/rwsem.h. Context: any; held for writing, then for reading. */
void downgrade_write(struct rw_semaphore *sem)
{
	__downgrade_write(sem);
}
