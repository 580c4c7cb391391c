/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The slow paths of the rw_semaphore: queueing, sleeping, and handing the lock on.
 *
 * The lock is granted by the one who wakes: it changes the count on behalf of the
 * sleeper, and the sleeper finds itself an owner. So there is no second race for
 * the lock, and a later comer never overtakes. The price: readers that come after
 * a waiting writer wait too, even while only readers are inside.
 *
 * Source: lib/rwsem.c and arch/x86/include/asm/rwsem.h of Linux 2.6.36, 32 bits.
 * Cut: lock debugging (lockdep).
 */
#include <linux/kernel.h>
#include <linux/rwsem.h>
#include <linux/sched.h>

/* What the caller of __rwsem_do_wake() has seen. */
#define RWSEM_WAKE_ANY		0	/* nothing: wake whoever is first */
#define RWSEM_WAKE_NO_ACTIVE	1	/* nobody was inside */
#define RWSEM_WAKE_READ_OWNED	2	/* readers were inside */

/* Make an unlocked semaphore. Context: nobody uses it yet. */
void init_rwsem(struct rw_semaphore *sem)
{
	sem->count = RWSEM_UNLOCKED_VALUE;
	spin_lock_init(&sem->wait_lock);
	INIT_LIST_HEAD(&sem->wait_list);
}

/* The first one in the queue. Context: wait_lock held, the queue is not empty. */
//@ plumbing
static struct rwsem_waiter *first_waiter(struct rw_semaphore *sem)
{
	return list_entry(sem->wait_list.next, struct rwsem_waiter, list);
}

/* Is it the last one in the queue? Context: wait_lock held. */
//@ plumbing
static int is_last_waiter(struct rw_semaphore *sem, struct rwsem_waiter *waiter)
{
	return waiter->list.next == &sem->wait_list;
}

/*
 * Tell a sleeper that the lock is its own. Clearing `task` lets it go on, and its
 * stack with the waiter on it may be gone right after that.
 * Context: wait_lock held, interrupts off; the count says already that it holds.
 */
static void release_waiter(struct rwsem_waiter *waiter)
{
	struct task_struct *tsk = waiter->task;

	smp_mb();
	//@ racy waiter->task : the sleeper looks at it without wait_lock, and nobody touches the waiter after this
	waiter->task = NULL;
	wake_up_process(tsk);
	put_task_struct(tsk);
}

/*
 * Try to grant the lock to the writer at the head of the queue. Somebody may have
 * come in by the fast path; then the attempt is undone, and repeated if that
 * somebody has left in between.
 * Context: wait_lock held, interrupts off.
 */
static void grant_to_writer(struct rw_semaphore *sem, struct rwsem_waiter *waiter)
{
	long adjustment = RWSEM_ACTIVE_WRITE_BIAS;
	long before;

	/* The waiting bias goes with the last one of the queue. */
	if (is_last_waiter(sem, waiter))
		adjustment -= RWSEM_WAITING_BIAS;

	for (;;) {
		before = rwsem_atomic_update(adjustment, sem) - adjustment;
		if ((before & RWSEM_ACTIVE_MASK) == 0)
			break;
		if (rwsem_atomic_update(-adjustment, sem) & RWSEM_ACTIVE_MASK)
			return;
	}
	//@ acquire write sem for waiter->task
	//@ anchor rwsem_grant_write
	list_del(&waiter->list);
	release_waiter(waiter);
}

/*
 * Grant the lock to all readers from the head of the queue up to the first writer.
 * Context: wait_lock held, interrupts off; a reader is at the head.
 */
static void grant_to_readers(struct rw_semaphore *sem)
{
	struct rwsem_waiter *waiter = first_waiter(sem);
	long readers = 0;
	long adjustment;

	do {
		readers++;
		if (is_last_waiter(sem, waiter))
			break;
		waiter = list_entry(waiter->list.next, struct rwsem_waiter, list);
	} while (waiter->flags & RWSEM_WAITING_FOR_READ);

	/* All of them come in by one operation; the queue may be empty after it. */
	adjustment = readers * RWSEM_ACTIVE_READ_BIAS;
	if (waiter->flags & RWSEM_WAITING_FOR_READ)
		adjustment -= RWSEM_WAITING_BIAS;
	rwsem_atomic_update(adjustment, sem);

	for (; readers > 0; readers--) {
		waiter = first_waiter(sem);
		//@ acquire read sem for waiter->task
		list_del(&waiter->list);
		release_waiter(waiter);
	}
}

/*
 * Hand the lock to whoever is first in the queue, as far as it can be had.
 * Context: wait_lock held, interrupts off; the queue is not empty.
 */
static void __rwsem_do_wake(struct rw_semaphore *sem, int wake_type)
{
	struct rwsem_waiter *waiter = first_waiter(sem);

	if (waiter->flags & RWSEM_WAITING_FOR_WRITE) {
		/* With readers inside, a writer would not get it: spare the attempt. */
		if (wake_type != RWSEM_WAKE_READ_OWNED)
			grant_to_writer(sem, waiter);
		return;
	}

	/*
	 * Between the caller's up_...() and this point another task may have woken
	 * a writer, which is inside now.
	 */
	if (wake_type == RWSEM_WAKE_ANY && rwsem_atomic_update(0, sem) < RWSEM_WAITING_BIAS)
		return;
	grant_to_readers(sem);
}

/*
 * Enter the queue and take back what the fast path added to the count, in one
 * operation. The first of the queue also adds the waiting bias.
 * Context: wait_lock held, interrupts off.
 */
//@ cost rwsem_slow
static long rwsem_enqueue(struct rw_semaphore *sem, struct rwsem_waiter *waiter, long adjustment)
{
	if (list_empty(&sem->wait_list))
		adjustment += RWSEM_WAITING_BIAS;
	list_add_tail(&waiter->list, &sem->wait_list);
	return rwsem_atomic_update(adjustment, sem);
}

/*
 * Wait for a lock that the fast path did not get. `adjustment` takes back what it
 * added to the count.
 * Context: sleeps, uninterruptibly; the lock is held on return, granted by a waker.
 */
static void __sched rwsem_down_failed_common(struct rw_semaphore *sem, unsigned int flags,
					     long adjustment)
{
	struct rwsem_waiter waiter;
	struct task_struct *tsk = current;
	int was_empty;
	long count;

	set_task_state(tsk, TASK_UNINTERRUPTIBLE);

	spin_lock_irq(&sem->wait_lock);
	waiter.task = tsk;
	waiter.flags = flags;
	get_task_struct(tsk);
	was_empty = list_empty(&sem->wait_list);
	count = rwsem_enqueue(sem, &waiter, adjustment);

	/*
	 * The one inside may just have left: then nobody else would wake the queue.
	 * And a writer that finds others waiting, but no writer inside, lets the
	 * readers before it in.
	 */
	if (count == RWSEM_WAITING_BIAS)
		__rwsem_do_wake(sem, RWSEM_WAKE_NO_ACTIVE);
	else if (count > RWSEM_WAITING_BIAS && !was_empty &&
		 adjustment == -RWSEM_ACTIVE_WRITE_BIAS)
		__rwsem_do_wake(sem, RWSEM_WAKE_READ_OWNED);
	//@ anchor rwsem_queued : A task is in the queue for the lock
	//@ note From now on the count is negative, and every new reader has to queue behind this task.
	spin_unlock_irq(&sem->wait_lock);

	for (;;) {
		//@ racy waiter.task : the waker clears it as its last act, when the lock is this task's already
		if (!waiter.task)
			break;
		schedule();
		set_task_state(tsk, TASK_UNINTERRUPTIBLE);
	}
	tsk->state = TASK_RUNNING;
}

/*
 * down_read() found a writer inside or somebody waiting.
 * Context: sleeps; held for reading on return.
 */
void __sched rwsem_down_read_failed(struct rw_semaphore *sem)
{
	//@ wait read sem
	rwsem_down_failed_common(sem, RWSEM_WAITING_FOR_READ, -RWSEM_ACTIVE_READ_BIAS);
}

/*
 * down_write() found somebody inside or waiting.
 * Context: sleeps; held for writing on return.
 */
void __sched rwsem_down_write_failed(struct rw_semaphore *sem)
{
	//@ wait write sem
	rwsem_down_failed_common(sem, RWSEM_WAITING_FOR_WRITE, -RWSEM_ACTIVE_WRITE_BIAS);
}

/*
 * The last holder has left and somebody may wait.
 * Context: any; takes wait_lock.
 */
void rwsem_wake(struct rw_semaphore *sem)
{
	unsigned long flags;

	spin_lock_irqsave(&sem->wait_lock, flags);
	if (!list_empty(&sem->wait_list))
		__rwsem_do_wake(sem, RWSEM_WAKE_ANY);
	spin_unlock_irqrestore(&sem->wait_lock, flags);
}

/*
 * A writer has become a reader: other readers at the head may come in too.
 * Context: any; takes wait_lock.
 */
void rwsem_downgrade_wake(struct rw_semaphore *sem)
{
	unsigned long flags;

	spin_lock_irqsave(&sem->wait_lock, flags);
	if (!list_empty(&sem->wait_list))
		__rwsem_do_wake(sem, RWSEM_WAKE_READ_OWNED);
	spin_unlock_irqrestore(&sem->wait_lock, flags);
}
