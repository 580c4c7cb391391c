/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One-shot timers on top of the machine's. Source: the interface of kernel/timer.c of
 * Linux 2.6.36. Cut: the timer wheel, the tick, the count of jiffies.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/timer.h>
#include <asm/uaccess.h>

/* Make a timer that is not running. Context: nobody uses it yet. */
void setup_timer(struct timer_list *timer, void (*function)(unsigned long), unsigned long data)
{
	timer->function = function;
	timer->data = data;
	timer->pending = 0;
	timer->machine_timer = 0;
}

/* Start a timer, or start it anew. Context: any; the timer's owner locks. */
void mod_timer(struct timer_list *timer, unsigned long delay_ns)
{
	del_timer(timer);
	timer->pending = 1;
	timer->machine_timer = fl_timer_arm(delay_ns, (unsigned long)timer);
}

/*
 * Stop a timer: 1 if it was running. Its function may run on another CPU just now.
 * Context: any; the timer's owner locks.
 */
int del_timer(struct timer_list *timer)
{
	if (!timer->pending)
		return 0;
	timer->pending = 0;
	return fl_timer_cancel(timer->machine_timer);
}

/* Time is up. Context: the timer interrupt. */
void run_timer(struct timer_list *timer)
{
	if (!timer->pending)
		return;
	timer->pending = 0;
	timer->function(timer->data);
}

/* Time is up for a task that sleeps. Context: the timer interrupt. */
static void process_timeout(unsigned long data)
{
	wake_up_process((struct task_struct *)data);
}

/*
 * The system call nanosleep. Linux uses high-resolution timers for it; the time that is
 * left after a signal is not told, since every signal ends the task.
 * Context: system call; may fault, sleeps.
 */
long sys_nanosleep(struct timespec __user *rqtp)
{
	struct timer_list timer;
	struct timespec time;

	if (copy_from_user(&time, rqtp, sizeof(time)))
		return -EFAULT;
	/* A word of nanoseconds holds four seconds. */
	if (time.tv_sec < 0 || time.tv_sec > 3 || (unsigned long)time.tv_nsec >= NSEC_PER_SEC)
		return -EINVAL;
	setup_timer(&timer, process_timeout, (unsigned long)current);
	set_current_state(TASK_INTERRUPTIBLE);
	mod_timer(&timer, (unsigned long)time.tv_sec * NSEC_PER_SEC + (unsigned long)time.tv_nsec);
	//@ anchor nanosleep
	schedule();
	__set_current_state(TASK_RUNNING);
	return del_timer(&timer) ? -EINTR : 0;
}

/* Sleep for some jiffies, whatever signals come. Context: sleeps; holds nothing that others need. */
void __sched schedule_timeout_uninterruptible(unsigned long jiffies)
{
	struct timer_list timer;

	__set_current_state(TASK_UNINTERRUPTIBLE);
	setup_timer(&timer, process_timeout, (unsigned long)current);
	mod_timer(&timer, jiffies * NSEC_PER_JIFFY);
	schedule();
	del_timer(&timer);
}
