/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals: here every one of them kills. A signal is pending until its task is about
 * to return to user mode; then the task ends, and with it all tasks of its process.
 * That is why even SIGKILL has to wait for a task that sleeps uninterruptibly: the
 * task dies when it has what it waited for.
 *
 * Source: kernel/signal.c of Linux 2.6.36. Cut: handlers, masks, stopping, queues of
 * signals, core dumps.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <linux/syscalls.h>
#include <asm/bitops.h>

/* Is any signal pending? Context: any. */
//@ plumbing
int signal_pending(struct task_struct *task)
{
	//@ racy task->pending.signal : others set its bits at any time; one that comes later is seen at the next look
	return task->pending.signal != 0;
}

/* Is SIGKILL pending? Context: any. */
//@ plumbing
int fatal_signal_pending(struct task_struct *task)
{
	//@ racy task->pending.signal : whoever sets the bit wakes the task after that, if it sleeps killably
	return (task->pending.signal & sigmask(SIGKILL)) != 0;
}

/*
 * A signal is pending: make its task notice. A task that sleeps interruptibly, or
 * killably when it is to die, is woken; one in TASK_UNINTERRUPTIBLE sleeps on. One that
 * runs in user mode on another CPU is interrupted.
 * Context: any.
 */
void signal_wake_up(struct task_struct *task, int resume)
{
	if (!wake_up_state(task, TASK_INTERRUPTIBLE | (resume ? TASK_WAKEKILL : 0)))
		kick_process(task);
}

/* Does this signal end a process at once, without a look at what its tasks do? Context: any. */
//@ plumbing
static int is_sudden(int sig)
{
	return sig == SIGKILL || sig == SIGTERM;
}

/*
 * Let a fatal signal strike all tasks of a process, whichever it was sent to.
 * Context: any; takes all_tasks_lock.
 */
static void complete_signal(int sig, struct task_struct *task)
{
	struct task_struct *other;
	unsigned long flags;

	/* Under way already; whoever began it goes through the list. */
	//@ racy task->signal->group_exit : it only ever becomes 1, and is looked at again under the lock
	if (task->signal->group_exit)
		return;
	spin_lock_irqsave(&all_tasks_lock, flags);
	/* Another task was faster: its signal is the reason that is told. */
	if (task->signal->group_exit)
		goto out;
	task->signal->group_exit = 1;
	task->signal->group_exit_code = sig;
	list_for_each_entry(other, &all_tasks, tasks) {
		if (other->signal == task->signal) {
			set_bit(SIGKILL - 1, &other->pending.signal);
			signal_wake_up(other, 1);
		}
	}
out:
	spin_unlock_irqrestore(&all_tasks_lock, flags);
}

/*
 * Send a signal.
 * Context: any; takes all_tasks_lock, unless the process is dying already.
 */
int send_sig(int sig, struct task_struct *task)
{
	set_bit(sig - 1, &task->pending.signal);
	if (is_sudden(sig))
		complete_signal(sig, task);
	signal_wake_up(task, sig == SIGKILL);
	return 0;
}

/*
 * The system call kill: a signal for a process, named by its first task. Signal 0 only
 * asks whether there is one.
 * Context: system call; takes all_tasks_lock.
 */
long sys_kill(int pid, int sig)
{
	struct task_struct *found = NULL;
	struct task_struct *task;

	if (sig < 0 || sig > 31)
		return -EINVAL;
	spin_lock_irq(&all_tasks_lock);
	list_for_each_entry(task, &all_tasks, tasks) {
		if (task->tgid == pid) {
			found = task;
			get_task_struct(found);
			break;
		}
	}
	spin_unlock_irq(&all_tasks_lock);
	if (!found)
		return -ESRCH;
	if (sig > 0)
		send_sig(sig, found);
	put_task_struct(found);
	return 0;
}

/*
 * Send a signal that the task itself caused, with its reason.
 * Context: `task` is the running one.
 */
int force_sig_info(int sig, siginfo_t *info, struct task_struct *task)
{
	task->pending.info = *info;
	return send_sig(sig, task);
}

/* The pending signal to deliver, SIGKILL first; 0 if there is none. Context: any. */
static int next_signal(struct task_struct *task)
{
	int sig = task->signal->group_exit_code;

	/* What the process dies of, if it was sent to this task. */
	if (task->signal->group_exit && is_sudden(sig) && (task->pending.signal & sigmask(sig)))
		return sig;
	if (fatal_signal_pending(task) && task->pending.info.si_signo == 0)
		return SIGKILL;
	for (sig = 1; sig < 32; sig++) {
		if (task->pending.signal & sigmask(sig))
			return sig;
	}
	return 0;
}

/*
 * Deliver a pending signal: the task and its whole process end. The others get
 * SIGKILL.
 * Context: about to return to user mode; returns only without a signal.
 */
void do_signal(struct pt_regs *regs)
{
	struct task_struct *tsk = current;
	struct task_struct *other;
	int sig = next_signal(tsk);

	(void)regs;
	if (sig == 0)
		return;
	if (tsk->pending.info.si_signo == sig) {
		tsk->exit_siginfo = tsk->pending.info;
	} else {
		tsk->exit_siginfo.si_signo = sig;
		tsk->exit_siginfo.si_code = SI_KERNEL;
	}

	spin_lock_irq(&all_tasks_lock);
	if (!tsk->signal->group_exit) {
		tsk->signal->group_exit = 1;
		tsk->signal->group_exit_code = sig;
		list_for_each_entry(other, &all_tasks, tasks) {
			if (other != tsk && other->signal == tsk->signal)
				send_sig(SIGKILL, other);
		}
	}
	spin_unlock_irq(&all_tasks_lock);
	do_exit(sig);
}
