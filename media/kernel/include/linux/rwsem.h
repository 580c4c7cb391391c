/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Readers-writer semaphores: many tasks may hold one for reading, or one task
 * for writing; a task that must wait sleeps. They are fair: first come, first
 * served, so a waiting writer stops every later reader.
 *
 * The lock does not know its owners. Annotations in the primitives keep book
 * beside it; the kernel never looks there.
 */
#ifndef _LINUX_RWSEM_H
#define _LINUX_RWSEM_H

#include <linux/rwsem_types.h>
#include <asm/rwsem.h>

/* Take for reading. Context: may sleep; held for reading on return. */
void down_read(struct rw_semaphore *sem);
/* Take for reading if that needs no wait: 1 for yes. Context: never sleeps. */
int __must_check down_read_trylock(struct rw_semaphore *sem);
/* Take for writing. Context: may sleep; held for writing on return. */
void down_write(struct rw_semaphore *sem);
/* Take for writing if that needs no wait: 1 for yes. Context: never sleeps. */
int __must_check down_write_trylock(struct rw_semaphore *sem);
/* Drop a read hold. Context: any. */
void up_read(struct rw_semaphore *sem);
/* Drop the write hold. Context: any. */
void up_write(struct rw_semaphore *sem);
/* Turn the write hold into a read hold. Context: any. */
void downgrade_write(struct rw_semaphore *sem);

/* lib/rwsem.c */
void init_rwsem(struct rw_semaphore *sem);

#endif
