/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the machine enters the kernel, apart from page faults (arch/x86/mm/fault.c)
 * and booting (init/main.c): system calls, interrupts, and the last stop before a
 * return to user mode. In Linux much of this is assembly (entry_32.S).
 *
 * Numbers of system calls are those of i386. Cut: tracing, restarting of interrupted
 * calls, softirqs (what Linux does in one, the end of a read, is done right in the
 * interrupt).
 */
#include <linux/blkdev.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <linux/timer.h>
#include <asm/vm86.h>

#define __NR_exit		1
#define __NR_read		3
#define __NR_write		4
#define __NR_lseek		19
#define __NR_getpid		20
#define __NR_ptrace		26
#define __NR_kill		37
#define __NR_brk		45
#define __NR_setrlimit		75
#define __NR_munmap		91
#define __NR_ftruncate		93
#define __NR_vm86old		113
#define __NR_mprotect		125
#define __NR_sched_yield	158
#define __NR_nanosleep		162
#define __NR_mremap		163
#define __NR_ugetrlimit		191
#define __NR_mmap2		192
#define __NR_madvise		219
#define __NR_gettid		224
#define __NR_futex		240
#define __NR_exit_group		252

/* The process of the running task. Context: system call. */
long sys_getpid(void)
{
	return current->tgid;
}

/* The running task. Context: system call. */
long sys_gettid(void)
{
	return current->pid;
}

/*
 * A system call: its number is in orig_ax, its arguments are in bx, cx, dx, si, di and
 * bp; the result goes to ax.
 * Context: trap from user mode; the task holds nothing. May sleep.
 */
void fl_system_call(struct pt_regs *regs)
{
	long result;

	local_irq_enable();
	if (unlikely(v8086_mode(regs))) {
		handle_vm86_int(regs, 0x80);
		return;
	}
	switch (regs->orig_ax) {
	case __NR_exit:
		result = sys_exit((int)regs->bx);
		break;
	case __NR_exit_group:
		result = sys_exit_group((int)regs->bx);
		break;
	case __NR_getpid:
		result = sys_getpid();
		break;
	case __NR_gettid:
		result = sys_gettid();
		break;
	case __NR_kill:
		result = sys_kill((int)regs->bx, (int)regs->cx);
		break;
	case __NR_ftruncate:
		result = sys_ftruncate((unsigned int)regs->bx, regs->cx);
		break;
	case __NR_sched_yield:
		result = 0;
		break;
	case __NR_read:
		result = sys_read(regs->bx, (char __user *)regs->cx, regs->dx);
		break;
	case __NR_write:
		result = sys_write(regs->bx, (const char __user *)regs->cx, regs->dx);
		break;
	case __NR_lseek:
		result = sys_lseek(regs->bx, (long)regs->cx, regs->dx);
		break;
	case __NR_brk:
		result = sys_brk(regs->bx);
		break;
	case __NR_mmap2:
		result = sys_mmap_pgoff(regs->bx, regs->cx, regs->dx, regs->si, regs->di,
					regs->bp);
		break;
	case __NR_munmap:
		result = sys_munmap(regs->bx, regs->cx);
		break;
	case __NR_mprotect:
		result = sys_mprotect(regs->bx, regs->cx, regs->dx);
		break;
	case __NR_mremap:
		result = sys_mremap(regs->bx, regs->cx, regs->dx, regs->si, regs->di);
		break;
	case __NR_madvise:
		result = sys_madvise(regs->bx, regs->cx, (int)regs->dx);
		break;
	case __NR_ptrace:
		result = sys_ptrace((long)regs->bx, (long)regs->cx, regs->dx, regs->si);
		break;
	case __NR_setrlimit:
		result = sys_setrlimit(regs->bx, (struct rlimit __user *)regs->cx);
		break;
	case __NR_ugetrlimit:
		result = sys_getrlimit(regs->bx, (struct rlimit __user *)regs->cx);
		break;
	case __NR_nanosleep:
		result = sys_nanosleep((struct timespec __user *)regs->bx);
		break;
	case __NR_futex:
		result = sys_futex((u32 __user *)regs->bx, (int)regs->cx, regs->dx);
		break;
	case __NR_vm86old:
		result = sys_vm86old((struct vm86_struct __user *)regs->bx, regs);
		break;
	default:
		result = -ENOSYS;
		break;
	}
	regs->ax = (unsigned long)result;
}

/* An interrupt begins: sleeping is forbidden until its end. Context: interrupts off. */
//@ plumbing
static void irq_enter(void)
{
	current->preempt_count += HARDIRQ_OFFSET;
}

/* An interrupt ends. Context: interrupts off. */
//@ plumbing
static void irq_exit(void)
{
	current->preempt_count -= HARDIRQ_OFFSET;
}

/* The disk has finished a request. Context: interrupt, on top of any task. */
void fl_disk_interrupt(void)
{
	irq_enter();
	//@ anchor disk_interrupt : The disk has finished: its interrupt
	//@ note An interrupt borrows whatever task runs on this CPU, or the idle task.
	disk_interrupt();
	irq_exit();
}

/* A timer has run out. Context: interrupt, on top of any task. */
void fl_timer_interrupt(unsigned long cookie)
{
	irq_enter();
	run_timer((struct timer_list *)cookie);
	irq_exit();
}

/*
 * Another CPU wants this one to look at what is pending for its task. That happens on
 * the way out, before the return to user mode.
 * Context: interrupt, on top of any task.
 */
void fl_kick_interrupt(void)
{
	irq_enter();
	irq_exit();
}

/*
 * A division by zero, a breakpoint that nobody waits for, or an instruction that this CPU does not
 * have: the task dies.
 * Context: trap from user mode.
 */
void fl_exception(struct pt_regs *regs, unsigned long vector)
{
	struct task_struct *tsk = current;

	(void)regs;
	local_irq_enable();
	tsk->thread.trap_no = vector;
	if (vector == 0)
		send_sig(SIGFPE, tsk);
	else if (vector == 3)
		send_sig(SIGTRAP, tsk);
	else
		send_sig(SIGILL, tsk);
}

/*
 * Before every return to user mode: deliver what is pending.
 * Context: the task holds nothing; may not return.
 */
void fl_exit_to_user(struct pt_regs *regs)
{
	struct task_struct *tsk = current;

	/*
	 * NON-KERNEL: the machine starts every task as if it came back from a trap. A
	 * kernel task has no user mode: it does its work here, and ends.
	 */
	if (unlikely(tsk->thread_fn)) {
		tsk->thread_fn(tsk->thread_arg);
		do_exit(0);
	}
	BUG_ON(tsk->preempt_count != 0);
	BUG_ON(tsk->state != TASK_RUNNING);
	if (signal_pending(tsk))
		do_signal(regs);
}
