/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals: here every one of them kills. A signal is pending until its task is about
 * to return to user mode; then the task ends, and with it all tasks of its process.
 *
 * Source: kernel/signal.c of Linux 2.6.36. Cut: handlers, masks, stopping, queues of
 * signals, core dumps.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/signal.h>
#include <asm/bitops.h>

/* Is any signal pending? Context: any. */
//@ plumbing
int signal_pending(struct task_struct *task)
{
	return task->pending.signal != 0;
}

/* Is SIGKILL pending? Context: any. */
//@ plumbing
int fatal_signal_pending(struct task_struct *task)
{
	return (task->pending.signal & sigmask(SIGKILL)) != 0;
}

/*
 * Send a signal. A task that sleeps interruptibly, or killably when it is SIGKILL, is
 * woken; one in TASK_UNINTERRUPTIBLE sleeps on.
 * Context: any.
 */
int send_sig(int sig, struct task_struct *task)
{
	set_bit(sig - 1, &task->pending.signal);
	wake_up_state(task, TASK_INTERRUPTIBLE | (sig == SIGKILL ? TASK_WAKEKILL : 0));
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
	int sig;

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

	spin_lock(&all_tasks_lock);
	if (!tsk->signal->group_exit) {
		tsk->signal->group_exit = 1;
		tsk->signal->group_exit_code = sig;
		list_for_each_entry(other, &all_tasks, tasks) {
			if (other != tsk && other->signal == tsk->signal)
				send_sig(SIGKILL, other);
		}
	}
	spin_unlock(&all_tasks_lock);
	do_exit(sig);
}
