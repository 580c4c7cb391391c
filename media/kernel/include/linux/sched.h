/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks and sleeping. A task sleeps by setting its state and calling schedule();
 * it is woken by somebody who sets the state back. Which task runs where is
 * decided outside (the schedule of the scenario), so priorities, time slices and
 * load balancing are cut; the kernel is not preempted.
 */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/mm_types.h>
#include <linux/resource.h>
#include <linux/signal.h>
#include <linux/spinlock.h>
#include <asm/current.h>
#include <asm/ptrace.h>

#define TASK_RUNNING		0
#define TASK_INTERRUPTIBLE	1
#define TASK_UNINTERRUPTIBLE	2
#define TASK_DEAD		64
#define TASK_WAKEKILL		128
#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

#define TASK_COMM_LEN	16
#define HARDIRQ_OFFSET	0x10000
#define HARDIRQ_MASK	0xffff0000
#define FL_MAX_FILES	16

/* Open files; one table for the whole process. NON-KERNEL: fixed size. */
struct files_struct {
	struct file *fd[FL_MAX_FILES];
};

/* What all tasks of a process share: their end, and their limits. */
struct signal_struct {
	atomic_t live;			/* tasks that have not exited */
	int group_exit;			/* a fatal signal has struck */
	int group_exit_code;
	struct rlimit rlim[RLIM_NLIMITS];
};

struct vm86_struct;

/* What the CPU's part of a task remembers. */
struct thread_struct {
	unsigned long cr2;			/* the last fault, for whoever gets the signal */
	unsigned long error_code;
	unsigned long trap_no;
	struct vm86_struct __user *vm86_info;	/* in virtual 8086 mode: what the program gave */
	struct pt_regs vm86_regs32;		/* and where it goes on afterwards */
	unsigned long screen_bitmap;		/* pages of the screen that were touched */
};

struct task_struct {
	//@ flags state TASK_
	//@ racy state : the task sets it without a lock, wakers under pi_lock; fl_park() looks once more in one step with going to sleep
	volatile long state;		/* 0: runs or may run; see schedule() */
	int preempt_count;		/* spinlocks held plus HARDIRQ_OFFSET per interrupt */
	atomic_t usage;
	spinlock_t pi_lock;		/* serializes those who wake it */
	spinlock_t alloc_lock;		/* guards mm against those who look from outside */
	pid_t pid;
	pid_t tgid;
	char comm[TASK_COMM_LEN];
	struct list_head tasks;		/* in all_tasks */
	struct mm_struct *mm;		/* NULL: has no user space (any more) */
	struct mm_struct *active_mm;	/* the page tables in use */
	struct files_struct *files;
	struct signal_struct *signal;
	void *stack;			/* low end of the kernel stack */
	unsigned long min_flt;		/* page faults that needed no disk */
	unsigned long maj_flt;		/* page faults that did */
	struct task_rss_stat rss_stat;
	unsigned int in_iowait;		/* sleeps for the disk */
	struct sigpending pending;
	siginfo_t exit_siginfo;		/* the signal that killed it; si_signo 0: none */
	int exit_code;			/* status << 8, or the number of a signal */
	struct thread_struct thread;
	int memdie;			/* TIF_MEMDIE: the OOM killer has chosen it */
	void (*thread_fn)(const void *);	/* of a kernel task: what it does; else NULL */
	const void *thread_arg;
};

/* Per-CPU part of the scheduler. */
struct rq {
	struct task_struct *idle;
	atomic_t nr_iowait;
};

extern struct rq runqueues[NR_CPUS];
extern struct task_struct init_task;
extern struct list_head all_tasks;
extern spinlock_t all_tasks_lock;

/* The limit of the running process that counts. Context: any. */
//@ plumbing
static inline unsigned long rlimit(unsigned int limit)
{
	return current->signal->rlim[limit].rlim_cur;
}

#define task_pt_regs(task) \
	((struct pt_regs *)((char *)(task)->stack + THREAD_SIZE) - 1)

/* Setting the own state; the barrier orders it before the test of the condition. */
#define set_current_state(value) \
	do { \
		current->state = (value); \
		smp_mb(); \
	} while (0)
#define __set_current_state(value)	do { current->state = (value); } while (0)
#define set_task_state(task, value) \
	do { \
		(task)->state = (value); \
		smp_mb(); \
	} while (0)

#define in_interrupt()	((current->preempt_count & HARDIRQ_MASK) != 0)
#define in_atomic()	(current->preempt_count != 0)
#define preempt_disable()	do { current->preempt_count++; } while (0)
#define preempt_enable()	do { current->preempt_count--; } while (0)

/* kernel/sched.c */
void schedule(void);
void io_schedule(void);
int try_to_wake_up(struct task_struct *task, unsigned int state);
int wake_up_process(struct task_struct *task);
void kick_process(struct task_struct *task);
int wake_up_state(struct task_struct *task, unsigned int state);
void might_sleep(void);
void cond_resched(void);

/* The lock that keeps a task's address space from going away. Context: any. */
#define task_lock(task)	spin_lock(&(task)->alloc_lock)
#define task_unlock(task)	spin_unlock(&(task)->alloc_lock)

/* kernel/exit.c, kernel/fork.c */
void do_exit(int code);
void put_task_struct(struct task_struct *task);
void get_task_struct(struct task_struct *task);
struct mm_struct *mm_alloc(void);
struct mm_struct *get_task_mm(struct task_struct *task);
void mmput(struct mm_struct *mm);
void mmdrop(struct mm_struct *mm);

/* kernel/signal.c */
int force_sig_info(int sig, siginfo_t *info, struct task_struct *task);
int send_sig(int sig, struct task_struct *task);
void signal_wake_up(struct task_struct *task, int resume);
int signal_pending(struct task_struct *task);
int fatal_signal_pending(struct task_struct *task);
void do_signal(struct pt_regs *regs);

#endif
