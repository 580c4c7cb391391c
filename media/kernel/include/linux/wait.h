/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues: lists of sleeping tasks, each entry with the function that decides
 * whether a wake-up is meant for it. Exclusive entries stand at the end and are
 * woken one at a time.
 *
 * No wake-up is lost because of an order: the sleeper first enters the queue and
 * sets its state, then tests the condition, then sleeps; the waker first makes
 * the condition true, then looks into the queue.
 */
#ifndef _LINUX_WAIT_H
#define _LINUX_WAIT_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

typedef struct __wait_queue wait_queue_t;
typedef int (*wait_queue_func_t)(wait_queue_t *wait, unsigned int mode, int flags, void *key);

#define WQ_FLAG_EXCLUSIVE	0x01

struct __wait_queue {
	//@ flags flags WQ_FLAG_
	unsigned int flags;
	void *private;			/* the task that sleeps */
	wait_queue_func_t func;		/* is this wake-up for it? wake it */
	struct list_head task_list;	/* in the head's list, under its lock */
};

typedef struct __wait_queue_head {
	spinlock_t lock;
	struct list_head task_list;
} wait_queue_head_t;

/* Which bit of which word somebody waits for. */
struct wait_bit_key {
	void *flags;
	int bit_nr;
};

struct wait_bit_queue {
	struct wait_bit_key key;
	wait_queue_t wait;
};

#define __WAIT_BIT_KEY_INITIALIZER(word, bit)	{ (word), (bit) }

#define DEFINE_WAIT_BIT(name, word, bit) \
	struct wait_bit_queue name = { \
		.key = __WAIT_BIT_KEY_INITIALIZER(word, bit), \
		.wait = { \
			.private = current, \
			.func = wake_bit_function, \
			.task_list = LIST_HEAD_INIT((name).wait.task_list), \
		}, \
	}

/* kernel/wait.c */
void init_waitqueue_head(wait_queue_head_t *q);
void prepare_to_wait(wait_queue_head_t *q, wait_queue_t *wait, int state);
void prepare_to_wait_exclusive(wait_queue_head_t *q, wait_queue_t *wait, int state);
void finish_wait(wait_queue_head_t *q, wait_queue_t *wait);
int autoremove_wake_function(wait_queue_t *wait, unsigned int mode, int flags, void *key);
int wake_bit_function(wait_queue_t *wait, unsigned int mode, int flags, void *key);
int __wait_on_bit(wait_queue_head_t *wq, struct wait_bit_queue *q,
		  int (*action)(void *), unsigned int mode);
int __wait_on_bit_lock(wait_queue_head_t *wq, struct wait_bit_queue *q,
		       int (*action)(void *), unsigned int mode);
void __wake_up(wait_queue_head_t *q, unsigned int mode, int nr_exclusive, void *key);
void __wake_up_bit(wait_queue_head_t *wq, void *word, int bit);

/* Is anybody in the queue? Context: any; the answer may be old at once. */
//@ plumbing
static inline int waitqueue_active(wait_queue_head_t *q)
{
	//@ racy q->task_list.next : the bit was cleared before this look, and sleepers enter the queue before they test the bit
	return q->task_list.next != &q->task_list;
}

#endif
