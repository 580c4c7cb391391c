/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One-shot timers on top of the machine's. Source: the interface of kernel/timer.c of
 * Linux 2.6.36. Cut: the timer wheel, the tick, jiffies.
 */
#include <linux/kernel.h>
#include <linux/timer.h>

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
