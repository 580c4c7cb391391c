/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a task. Source: kernel/exit.c of Linux 2.6.36. Cut: parents and wait(),
 * exit signals, robust futexes, core dumps, namespaces.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <asm/processor.h>

/*
 * Leave the address space; the last task frees it.
 * Context: the task's own; takes mmap_sem for reading and drops it.
 */
static void exit_mm(struct task_struct *tsk)
{
	struct mm_struct *mm = tsk->mm;

	if (!mm)
		return;
	sync_mm_rss(tsk, mm);
	/* Linux looks here whether a core dump of this address space is under way. */
	down_read(&mm->mmap_sem);
	task_lock(tsk);
	tsk->mm = NULL;
	task_unlock(tsk);
	up_read(&mm->mmap_sem);
	/* The page tables may go now: run on the kernel's own. */
	tsk->active_mm = NULL;
	load_cr3(swapper_pg_dir);
	mmput(mm);
}

/*
 * End the running task. `code` is what wait() would report: status << 8, or the
 * number of the signal that killed it.
 * Context: the task holds nothing; does not return.
 */
void do_exit(int code)
{
	struct task_struct *tsk = current;

	if (unlikely(in_interrupt()))
		fl_bug("Aiee, killing interrupt handler!");
	tsk->exit_code = code;
	atomic_dec(&tsk->signal->live);
	exit_mm(tsk);

	spin_lock_irq(&all_tasks_lock);
	list_del_init(&tsk->tasks);
	spin_unlock_irq(&all_tasks_lock);

	tsk->state = TASK_DEAD;
	put_task_struct(tsk);
	fl_task_exit(code);
}

/* The system call exit: this task ends with a status. Context: does not return. */
long sys_exit(int error_code)
{
	do_exit((error_code & 0xff) << 8);
	return 0;
}

/*
 * The system call exit_group: all tasks of the process end. If it is dying already, of
 * a signal or because another task was faster, that reason stays the one that is told.
 * Context: does not return; takes all_tasks_lock.
 */
long sys_exit_group(int error_code)
{
	struct task_struct *tsk = current;
	struct task_struct *other;
	int code = (error_code & 0xff) << 8;

	spin_lock_irq(&all_tasks_lock);
	if (tsk->signal->group_exit) {
		code = tsk->signal->group_exit_code;
	} else {
		tsk->signal->group_exit = 1;
		tsk->signal->group_exit_code = code;
		list_for_each_entry(other, &all_tasks, tasks) {
			if (other != tsk && other->signal == tsk->signal)
				send_sig(SIGKILL, other);
		}
	}
	spin_unlock_irq(&all_tasks_lock);
	do_exit(code);
	return 0;
}
