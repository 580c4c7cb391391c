/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues, and waiting for a bit of a word (the page lock is one).
 *
 * Source: kernel/wait.c and the wake-up half of kernel/sched.c of Linux 2.6.36.
 * Cut: interruptible event macros, the hash table for bits of other things than
 * pages, synchronous wake-ups.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/wait.h>
#include <asm/bitops.h>

/* Make an empty queue. Context: nobody uses it yet. */
void init_waitqueue_head(wait_queue_head_t *q)
{
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->task_list);
}

/*
 * Enter the queue at its front and set the own state. The order matters: after
 * this, the caller tests its condition; whoever makes the condition true later
 * finds the entry.
 * Context: takes the queue's lock; on return the task must not block on anything else.
 */
void prepare_to_wait(wait_queue_head_t *q, wait_queue_t *wait, int state)
{
	unsigned long flags;

	wait->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&q->lock, flags);
	if (list_empty(&wait->task_list))
		list_add(&wait->task_list, &q->task_list);
	set_current_state(state);
	spin_unlock_irqrestore(&q->lock, flags);
}

/*
 * The same at the end of the queue, for those of whom one wake-up wakes only one.
 * Context: as prepare_to_wait().
 */
void prepare_to_wait_exclusive(wait_queue_head_t *q, wait_queue_t *wait, int state)
{
	unsigned long flags;

	wait->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&q->lock, flags);
	if (list_empty(&wait->task_list))
		list_add_tail(&wait->task_list, &q->task_list);
	set_current_state(state);
	spin_unlock_irqrestore(&q->lock, flags);
}

/*
 * Leave the queue, unless the waker has taken the entry out already and has done with it.
 * Context: takes the queue's lock; the task is TASK_RUNNING on return.
 */
void finish_wait(wait_queue_head_t *q, wait_queue_t *wait)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	if (!list_empty_careful(&wait->task_list)) {
		spin_lock_irqsave(&q->lock, flags);
		list_del_init(&wait->task_list);
		spin_unlock_irqrestore(&q->lock, flags);
	}
}

/* Ask every entry whether the wake-up is for it; see below. */
static void __wake_up_common(wait_queue_head_t *q, unsigned int mode, int nr_exclusive,
			     int wake_flags, void *key);

/*
 * Leave the queue without having got what one waited for. If the one wake-up has already
 * been spent on this task, hand it on, or nobody would be woken.
 * Context: takes the queue's lock; the task is TASK_RUNNING on return.
 */
static void abort_exclusive_wait(wait_queue_head_t *q, wait_queue_t *wait, unsigned int mode,
				 void *key)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	spin_lock_irqsave(&q->lock, flags);
	if (!list_empty(&wait->task_list))
		list_del_init(&wait->task_list);
	else if (waitqueue_active(q))
		__wake_up_common(q, mode, 1, 0, key);
	spin_unlock_irqrestore(&q->lock, flags);
}

/*
 * Wake the sleeper of an entry and take the entry out: 1 if it slept.
 * Context: the queue's lock is held.
 */
int autoremove_wake_function(wait_queue_t *wait, unsigned int mode, int flags, void *key)
{
	int woken;

	(void)flags;
	(void)key;
	woken = try_to_wake_up(wait->private, mode);
	if (woken)
		list_del_init(&wait->task_list);
	return woken;
}

/*
 * Wake the sleeper of an entry if the wake-up is about its bit and the bit is clear
 * at this moment. If somebody has set it again, that one's wake-up will do.
 * Context: the queue's lock is held.
 */
int wake_bit_function(wait_queue_t *wait, unsigned int mode, int flags, void *arg)
{
	struct wait_bit_key *key = arg;
	struct wait_bit_queue *wait_bit = container_of(wait, struct wait_bit_queue, wait);

	if (wait_bit->key.flags != key->flags ||
	    wait_bit->key.bit_nr != key->bit_nr ||
	    test_bit(key->bit_nr, key->flags))
		return 0;
	//@ anchor wake_sleeper : The sleeper on the page is woken
	//@ note Many pages share a queue, so the entry is compared with the bit and the word that were cleared.
	return autoremove_wake_function(wait, mode, flags, key);
}

/*
 * Wait until a bit is clear. The bit may be set again when this returns; the loop
 * only makes sure that it has been seen clear.
 * Context: sleeps by way of `action`; not exclusive.
 */
int __sched __wait_on_bit(wait_queue_head_t *wq, struct wait_bit_queue *q,
			  int (*action)(void *), unsigned int mode)
{
	int ret = 0;

	do {
		prepare_to_wait(wq, &q->wait, mode);
		if (test_bit(q->key.bit_nr, q->key.flags))
			ret = action(q->key.flags);
	} while (test_bit(q->key.bit_nr, q->key.flags) && !ret);
	finish_wait(wq, &q->wait);
	return ret;
}

/*
 * Wait until this task is the one that sets the bit: the slow path of a bit lock.
 * Context: sleeps by way of `action`; exclusive. The bit is this task's on return 0.
 */
int __sched __wait_on_bit_lock(wait_queue_head_t *wq, struct wait_bit_queue *q,
			       int (*action)(void *), unsigned int mode)
{
	unsigned long *word = q->key.flags;
	int ret;

	do {
		prepare_to_wait_exclusive(wq, &q->wait, mode);
		if (test_bit(q->key.bit_nr, word)) {
			ret = action(word);
			if (ret) {
				abort_exclusive_wait(wq, &q->wait, mode, &q->key);
				return ret;
			}
		}
	} while (test_and_set_bit(q->key.bit_nr, word));
	//@ acquire write word
	finish_wait(wq, &q->wait);
	return 0;
}

/*
 * Ask every entry whether the wake-up is for it; stop after so many exclusive ones.
 * Context: the queue's lock is held.
 */
static void __wake_up_common(wait_queue_head_t *q, unsigned int mode, int nr_exclusive,
			     int wake_flags, void *key)
{
	wait_queue_t *entry;
	wait_queue_t *following;

	list_for_each_entry_safe(entry, following, &q->task_list, task_list) {
		unsigned int flags = entry->flags;

		if (entry->func(entry, mode, wake_flags, key) &&
		    (flags & WQ_FLAG_EXCLUSIVE) && !--nr_exclusive)
			break;
	}
}

/*
 * Wake those of the queue for whom `key` is meant: all that are not exclusive, and
 * so many of the exclusive ones.
 * Context: any; takes the queue's lock.
 */
void __wake_up(wait_queue_head_t *q, unsigned int mode, int nr_exclusive, void *key)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	__wake_up_common(q, mode, nr_exclusive, 0, key);
	spin_unlock_irqrestore(&q->lock, flags);
}

/*
 * A bit has been cleared: wake those who wait for it.
 * Context: any. The caller has put a barrier between the clearing and this.
 */
void __wake_up_bit(wait_queue_head_t *wq, void *word, int bit)
{
	struct wait_bit_key key = __WAIT_BIT_KEY_INITIALIZER(word, bit);

	if (waitqueue_active(wq))
		__wake_up(wq, TASK_NORMAL, 1, &key);
}
