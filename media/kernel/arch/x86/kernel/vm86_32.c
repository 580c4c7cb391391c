/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual 8086 mode. A task that is in it has VM set in its saved EFLAGS, which is how
 * the page fault handler knows it and notes the page of the screen that was touched.
 *
 * Source: arch/x86/kernel/vm86_32.c of Linux 2.6.36. Cut: emulation of interrupts, of
 * cli, sti and popf, segments, IRQs for the DOS program, debugging, vm86plus.
 * NON-KERNEL: this CPU has no 16-bit code. In this mode it goes on with flat 32-bit code;
 * what is real is the flag. `int` enters by the gate of system calls, where a real CPU
 * raises a general protection fault.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <asm/uaccess.h>
#include <asm/vm86.h>

/* Bits of EFLAGS that the program chooses for its part in this mode. */
#define SAFE_MASK	0xdd5

/*
 * Make the pages of the screen read-only, so that the next write to each is noticed.
 * Context: system call; takes mmap_sem for reading and a PTE lock.
 */
static void mark_screen_rdonly(struct mm_struct *mm)
{
	unsigned long address = VM86_SCREEN_START;
	spinlock_t *ptl;
	pmd_t *pmd;
	pte_t *pte;
	int i;

	down_read(&mm->mmap_sem);
	pmd = pmd_offset(pud_offset(pgd_offset(mm, address), address), address);
	if (!pmd_none(*pmd)) {
		pte = pte_offset_map_lock(mm, pmd, address, &ptl);
		for (i = 0; i < VM86_SCREEN_PAGES; i++, pte++) {
			if (pte_present(*pte))
				ptep_set_wrprotect(mm, address + i * PAGE_SIZE, pte);
		}
		spin_unlock(ptl);
	}
	up_read(&mm->mmap_sem);
	flush_tlb_mm(mm);
}

/*
 * The system call vm86old: go on in virtual 8086 mode with the registers of `v86`. What
 * comes back later is the reason for the end.
 * Context: system call; `regs` are changed to those of the other program.
 */
long sys_vm86old(struct vm86_struct __user *v86, struct pt_regs *regs)
{
	struct thread_struct *thread = &current->thread;
	struct vm86_struct info;

	if (thread->vm86_info)
		return -EPERM;
	if (copy_from_user(&info, v86, sizeof(info)))
		return -EFAULT;

	info.regs.pt.flags &= SAFE_MASK;
	info.regs.pt.flags |= regs->flags & ~SAFE_MASK;
	info.regs.pt.flags |= X86_EFLAGS_VM;

	thread->vm86_info = v86;
	thread->vm86_regs32 = *regs;
	thread->screen_bitmap = info.screen_bitmap;
	if (info.flags & VM86_SCREEN_BITMAP)
		mark_screen_rdonly(current->mm);
	*regs = info.regs.pt;
	return (long)regs->ax;
}

/*
 * Back to 32 bits: the caller of vm86old() gets the registers, the bitmap and the reason.
 * Context: trap from virtual 8086 mode; may sleep.
 */
static void return_to_32bit(struct pt_regs *regs, long reason)
{
	struct thread_struct *thread = &current->thread;
	struct vm86_struct __user *v86 = thread->vm86_info;

	if (copy_to_user(&v86->regs.pt, regs, sizeof(*regs)) ||
	    put_user(thread->screen_bitmap, &v86->screen_bitmap)) {
		/* The program has taken its own structure away: nothing can be told to it. */
		send_sig(SIGSEGV, current);
	}
	*regs = thread->vm86_regs32;
	regs->ax = (unsigned long)reason;
	thread->vm86_info = NULL;
}

/*
 * A software interrupt of the DOS program ends its run.
 * Context: trap from virtual 8086 mode; may sleep.
 */
void handle_vm86_int(struct pt_regs *regs, unsigned int number)
{
	return_to_32bit(regs, (long)(VM86_INTx | number << VM86_ARG_SHIFT));
}
