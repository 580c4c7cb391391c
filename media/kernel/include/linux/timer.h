/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One-shot timers. The machine has as many as one likes and calls back by
 * interrupt, so the timer wheel and the tick are cut.
 */
#ifndef _LINUX_TIMER_H
#define _LINUX_TIMER_H

#define HZ		1000	/* jiffies in a second */
#define NSEC_PER_SEC	1000000000UL
#define NSEC_PER_JIFFY	(NSEC_PER_SEC / HZ)

/* A time as user programs give it. */
struct timespec {
	long tv_sec;
	long tv_nsec;
};

struct timer_list {
	void (*function)(unsigned long data);
	unsigned long data;
	int machine_timer;	/* number in the machine while pending */
	int pending;
};

/* kernel/timer.c */
void setup_timer(struct timer_list *timer, void (*function)(unsigned long), unsigned long data);
void mod_timer(struct timer_list *timer, unsigned long delay_ns);
int del_timer(struct timer_list *timer);
void run_timer(struct timer_list *timer);
void schedule_timeout_uninterruptible(unsigned long jiffies);

#endif
