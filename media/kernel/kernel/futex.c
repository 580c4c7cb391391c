/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Futexes: sleeping until a word of user memory changes. The word is read under a
 * spinlock, where a page fault cannot be resolved: the access fails at once, and is made
 * again where it may sleep.
 *
 * Source: kernel/futex.c of Linux 2.6.36. Cut: futexes between processes, time limits,
 * requeueing, priority inheritance, robust lists. One queue serves all words.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/syscalls.h>
#include <asm/uaccess.h>

#define FUTEX_WAIT		0
#define FUTEX_WAKE		1
#define FUTEX_PRIVATE_FLAG	128

/* A task that sleeps on a word. */
struct futex_q {
	struct list_head list;		/* in futex_queue, under futex_lock */
	struct task_struct *task;
	struct mm_struct *mm;		/* the same address means another word elsewhere */
	u32 __user *uaddr;
};

static LIST_HEAD(futex_queue);
static DEFINE_SPINLOCK(futex_lock);

/*
 * Read the word where sleeping is forbidden: -EFAULT if its page is not there.
 * Context: a spinlock is held.
 */
static int get_futex_value_locked(u32 *dest, u32 __user *from)
{
	return __get_user_4(dest, from);
}

/*
 * Sleep until somebody wakes this word, unless it has another value than expected.
 * Context: system call; may fault and sleeps.
 */
static long futex_wait(u32 __user *uaddr, u32 val)
{
	struct futex_q q;
	u32 uval = 0;

	q.task = current;
	q.mm = current->mm;
	q.uaddr = uaddr;
retry:
	spin_lock(&futex_lock);
	//@ anchor futex_read : The word is read with a spinlock held
	if (get_futex_value_locked(&uval, uaddr)) {
		spin_unlock(&futex_lock);
		/* The page was not there: fault it in, now that sleeping is allowed. */
		if (get_user(uval, uaddr))
			return -EFAULT;
		goto retry;
	}
	if (uval != val) {
		spin_unlock(&futex_lock);
		return -EAGAIN;
	}
	list_add_tail(&q.list, &futex_queue);
	set_current_state(TASK_INTERRUPTIBLE);
	spin_unlock(&futex_lock);

	schedule();
	__set_current_state(TASK_RUNNING);

	/* Whoever woke us by the futex has taken us off the list; a signal has not. */
	spin_lock(&futex_lock);
	val = list_empty(&q.list);
	list_del_init(&q.list);
	spin_unlock(&futex_lock);
	return val ? 0 : -EINTR;
}

/* Wake some of those who sleep on a word; returns how many. Context: system call. */
static long futex_wake(u32 __user *uaddr, int nr_wake)
{
	struct futex_q *this;
	struct futex_q *next;
	long woken = 0;

	spin_lock(&futex_lock);
	list_for_each_entry_safe(this, next, &futex_queue, list) {
		if (woken < nr_wake && this->uaddr == uaddr && this->mm == current->mm) {
			list_del_init(&this->list);
			wake_up_state(this->task, TASK_INTERRUPTIBLE);
			woken++;
		}
	}
	spin_unlock(&futex_lock);
	return woken;
}

/* The system call futex. Context: system call; may fault and sleep. */
long sys_futex(u32 __user *uaddr, int op, u32 val)
{
	if ((unsigned long)uaddr % sizeof(u32))
		return -EINVAL;
	if (!access_ok(VERIFY_WRITE, uaddr, sizeof(u32)))
		return -EFAULT;
	switch (op & ~FUTEX_PRIVATE_FLAG) {
	case FUTEX_WAIT:
		return futex_wait(uaddr, val);
	case FUTEX_WAKE:
		return futex_wake(uaddr, (int)val);
	default:
		return -ENOSYS;
	}
}
