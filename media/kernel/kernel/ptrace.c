/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking into another process, as a debugger does.
 *
 * Source: kernel/ptrace.c of Linux 2.6.36. Cut: attaching, stopping and going on. So the
 * other task runs on while it is looked at, and anybody may look. NON-KERNEL.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <asm/uaccess.h>

#define PTRACE_PEEKTEXT	1
#define PTRACE_PEEKDATA	2
#define PTRACE_POKETEXT	4
#define PTRACE_POKEDATA	5

/* The task with a number, with a reference; NULL if there is none. Context: any. */
static struct task_struct *ptrace_get_task_struct(pid_t pid)
{
	struct task_struct *task;
	struct task_struct *found = NULL;

	spin_lock(&all_tasks_lock);
	list_for_each_entry(task, &all_tasks, tasks) {
		if (task->pid == pid) {
			get_task_struct(task);
			found = task;
			break;
		}
	}
	spin_unlock(&all_tasks_lock);
	return found;
}

/*
 * Read a word of the other task, and write it to where `data` points.
 * Context: system call; sleeps; takes mmap_sem of both processes, one after the other.
 */
static long generic_ptrace_peekdata(struct task_struct *tsk, unsigned long addr,
				    unsigned long data)
{
	unsigned long tmp;

	if (access_process_vm(tsk, addr, &tmp, sizeof(tmp), 0) != sizeof(tmp))
		return -EIO;
	return put_user(tmp, (unsigned long __user *)data);
}

/* Write a word of the other task. Context: as above. */
static long generic_ptrace_pokedata(struct task_struct *tsk, unsigned long addr,
				    unsigned long data)
{
	return access_process_vm(tsk, addr, &data, sizeof(data), 1) == sizeof(data) ? 0 : -EIO;
}

/* The system call ptrace. Context: system call; sleeps. */
long sys_ptrace(long request, long pid, unsigned long addr, unsigned long data)
{
	struct task_struct *child = ptrace_get_task_struct((pid_t)pid);
	long ret;

	if (!child)
		return -ESRCH;
	/* Nobody debugs himself. */
	if (child->signal == current->signal)
		ret = -EPERM;
	else if (request == PTRACE_PEEKTEXT || request == PTRACE_PEEKDATA)
		ret = generic_ptrace_peekdata(child, addr, data);
	else if (request == PTRACE_POKETEXT || request == PTRACE_POKEDATA)
		ret = generic_ptrace_pokedata(child, addr, data);
	else
		ret = -EIO;
	put_task_struct(child);
	return ret;
}
