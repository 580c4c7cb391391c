/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Out of memory: the process that has most of it is killed, so that the others can go
 * on. It dies when its tasks are about to return to user mode, and only then is its
 * memory free.
 *
 * Source: mm/oom_kill.c of Linux 2.6.36. Cut: scores that users adjust, children in
 * place of their parent, memory policies, the report in the log.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/timer.h>

static unsigned long system_oom;	/* bit 0: somebody is looking for a victim */

/*
 * How many page frames would be free without this task's process.
 * Context: all_tasks_lock held; takes task_lock.
 */
static long oom_badness(struct task_struct *p)
{
	struct mm_struct *mm;
	long points = 0;

	task_lock(p);	/* with it held the task cannot leave its memory */
	mm = p->mm;
	if (mm)	/* otherwise a kernel task, or one that has left already */
		points = atomic_read(&mm->rss_stat.count[MM_FILEPAGES]) +
			 atomic_read(&mm->rss_stat.count[MM_ANONPAGES]) +
			 p->rss_stat.count[MM_FILEPAGES] + p->rss_stat.count[MM_ANONPAGES];
	task_unlock(p);
	return points;
}

/*
 * The task to kill, or NULL: there is none, or one is dying already.
 * Context: all_tasks_lock held.
 */
static struct task_struct *select_bad_process(void)
{
	struct task_struct *chosen = NULL;
	struct task_struct *p;
	long chosen_points = 0;

	list_for_each_entry(p, &all_tasks, tasks) {
		long points = oom_badness(p);

		/* The last victim has not left its memory yet: wait for that first. */
		if (p->memdie && p->mm)
			return NULL;
		if (points > chosen_points) {
			chosen = p;
			chosen_points = points;
		}
	}
	return chosen;
}

/*
 * Kill somebody, so that there is memory again.
 * Context: no locks held.
 */
static void out_of_memory(void)
{
	struct task_struct *victim;
	unsigned long flags;

	/* Whoever dies anyway shall do so, and quickly. */
	if (fatal_signal_pending(current)) {
		current->memdie = 1;
		return;
	}
	spin_lock_irqsave(&all_tasks_lock, flags);
	victim = select_bad_process();
	if (victim) {
		victim->memdie = 1;
		get_task_struct(victim);
	}
	spin_unlock_irqrestore(&all_tasks_lock, flags);
	if (!victim)
		return;
	//@ anchor oom_kill : Out of memory: a process is chosen and killed
	send_sig(SIGKILL, victim);
	put_task_struct(victim);
}

/*
 * A page fault got no memory. When this returns the instruction faults again, and
 * perhaps there is some then.
 * Context: page fault, no locks held; sleeps.
 */
void pagefault_out_of_memory(void)
{
	if (!test_and_set_bit(0, &system_oom)) {
		out_of_memory();
		clear_bit(0, &system_oom);
	}
	/* Give the victim time to die, unless it is this task. */
	if (!current->memdie)
		schedule_timeout_uninterruptible(1);
}
