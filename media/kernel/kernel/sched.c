/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sleeping and waking. Which runnable task runs next is not decided here but by
 * the schedule of the run, so there are no run queues to look at: schedule() parks
 * the task in the machine, and a wake-up unparks it.
 *
 * There is one truth about sleeping: the machine parks a task only if its state is
 * still not TASK_RUNNING at that moment, in one indivisible operation. If a waker
 * came first, schedule() returns at once, and nothing is lost.
 *
 * Source: kernel/sched.c of Linux 2.6.36. Cut: run queues, priorities, time slices,
 * preemption, load balancing.
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/perf_event.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/init.h>
#include <asm/atomic.h>

struct rq runqueues[NR_CPUS];

/* The task that boots and then is the idle task of CPU 0. */
struct task_struct init_task = {
	.usage = ATOMIC_INIT(2),
	.comm = "swapper",
};

LIST_HEAD(all_tasks);
DEFINE_SPINLOCK(all_tasks_lock);

/*
 * Sleeping is about to be possible: complain where it is forbidden, even if no
 * sleep happens this time.
 * Context: must be one that may sleep.
 */
//@ plumbing
void might_sleep(void)
{
	if (in_atomic())
		fl_bug("sleeping function called from invalid context: a spinlock is held");
	if (irqs_disabled())
		fl_bug("sleeping function called from invalid context: interrupts are off");
}

/*
 * Let another task run. A task whose state says so sleeps until it is woken; one
 * that is TASK_RUNNING goes on.
 * Context: may sleep; no spinlock held.
 */
void __sched schedule(void)
{
	struct task_struct *tsk = current;

	if (in_atomic())
		fl_bug("scheduling while atomic: a spinlock is held");
	if (tsk->state != TASK_RUNNING)
		perf_sw_event(PERF_COUNT_SW_CONTEXT_SWITCHES, 1, 0, NULL, 0);
	fl_park(&tsk->state);
}

/*
 * The same for a task that waits for the disk: it is counted as waiting for it.
 * Context: may sleep; no spinlock held.
 */
void __sched io_schedule(void)
{
	struct task_struct *tsk = current;
	struct rq *rq = &runqueues[smp_processor_id()];

	atomic_inc(&rq->nr_iowait);
	tsk->in_iowait = 1;
	schedule();
	tsk->in_iowait = 0;
	atomic_dec(&rq->nr_iowait);
}

/* Give way if somebody more important waits; nobody is more important here. Context: may sleep. */
//@ plumbing
void cond_resched(void)
{
	might_sleep();
}

/*
 * Wake a task if its state is one of those in the mask: 1 if it was.
 * Context: any; takes the task's pi_lock.
 */
//@ cost wake_up
int try_to_wake_up(struct task_struct *task, unsigned int state)
{
	unsigned long flags;
	int success = 0;

	smp_wmb();
	spin_lock_irqsave(&task->pi_lock, flags);
	if (task->state & state) {
		task->state = TASK_RUNNING;
		fl_wake((unsigned long)task);
		success = 1;
	}
	spin_unlock_irqrestore(&task->pi_lock, flags);
	return success;
}

/* Wake a task whatever it sleeps for. Context: any. */
int wake_up_process(struct task_struct *task)
{
	return try_to_wake_up(task, TASK_NORMAL | TASK_WAKEKILL);
}

/* Make a task that runs on another CPU enter the kernel, if it is in user mode. Context: any. */
void kick_process(struct task_struct *task)
{
	fl_kick((unsigned long)task);
}

/* Wake a task that sleeps in one of these states. Context: any. */
int wake_up_state(struct task_struct *task, unsigned int state)
{
	return try_to_wake_up(task, state);
}

/*
 * Give every CPU its idle task. The boot code goes on as the one of CPU 0.
 * Context: boot.
 */
void __init sched_init(unsigned int nr_cpus)
{
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpus; cpu++) {
		struct task_struct *idle = &init_task;

		if (cpu > 0) {
			idle = alloc_bootmem(sizeof(*idle), 16);
			strlcpy(idle->comm, "swapper", TASK_COMM_LEN);
			atomic_set(&idle->usage, 2);
		}
		idle->stack = alloc_bootmem(THREAD_SIZE, THREAD_SIZE);
		spin_lock_init(&idle->pi_lock);
		INIT_LIST_HEAD(&idle->tasks);
		runqueues[cpu].idle = idle;
		atomic_set(&runqueues[cpu].nr_iowait, 0);
		fl_idle_create((int)cpu, (unsigned long)idle, (unsigned long)idle->stack,
			       THREAD_SIZE);
	}
}
