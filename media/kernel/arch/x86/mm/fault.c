/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page fault handler of x86: from the trap to the VMA, to handle_mm_fault()
 * and back. This is where an access to an address without a usable PTE ends up.
 *
 * Source: arch/x86/mm/fault.c of Linux 2.6.36 with the patch "Release mmap_sem
 * when page fault blocks on disk transfer". do_page_fault() is complete; what
 * this configuration cannot reach is a hook that is off:
 *
 *   kmemcheck_*, kmmio_fault   debugging tools that are not built in
 *   notify_page_fault          kprobes, not built in
 *   vmalloc_fault              the kernel has no vmalloc area: one direct map
 *   spurious_fault             needs a stale kernel TLB entry; there is none
 *   pgtable_bad                reserved bits do not exist without PAE
 *   is_prefetch                errata of AMD processors that this CPU does not have
 *
 * Every way out and the scenario that takes it: media/walkthrough/every-exit.md.
 *
 * Cut: printing of oopses and of "show unhandled signals".
 */
#include <linux/mm.h>
#include <linux/perf_event.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <asm/processor.h>
#include <asm/uaccess.h>
#include <asm/vm86.h>

/* Bits of the error code that the CPU pushes. */
#define PF_PROT		0x01	/* 0: page not present, 1: it forbids the access */
#define PF_WRITE	0x02	/* a write */
#define PF_USER		0x04	/* from user mode */
#define PF_RSVD		0x08	/* a reserved bit was set in a PTE */
#define PF_INSTR	0x10	/* an instruction fetch; never set without NX */

/*
 * The hooks that are off; see the head of this file.
 * Context: each one any.
 */
#define kmemcheck_active(regs)			((void)(regs), 0)
#define kmemcheck_hide(regs)			do { (void)(regs); } while (0)
#define kmemcheck_fault(regs, address, code)	0
#define kmmio_fault(regs, address)		0
#define notify_page_fault(regs)			0
#define vmalloc_fault(address)			(-1)
#define spurious_fault(error_code, address)	0
#define is_prefetch(regs, error_code, address)	0

/*
 * Send the running task a signal about an address.
 * Context: user fault; interrupts on, no locks held.
 */
static void force_sig_info_fault(int si_signo, int si_code, unsigned long address,
				 struct task_struct *tsk)
{
	siginfo_t info;

	info.si_signo = si_signo;
	info.si_errno = 0;
	info.si_code = si_code;
	info.si_addr = (void __user *)address;
	force_sig_info(si_signo, &info, tsk);
}

/*
 * A fault of the kernel itself that cannot be resolved: go to the fixup, or stop.
 * Context: any; mmap_sem not held by the fault handler.
 */
static noinline void no_context(struct pt_regs *regs, unsigned long error_code,
				unsigned long address)
{
	if (fixup_exception(regs)) {
		//@ anchor exit_fixup : The kernel goes on in the fixup: its access has failed softly
		return;
	}
	if (is_prefetch(regs, error_code, address))
		return;
	if (address < PAGE_SIZE)
		fl_bug("unable to handle kernel NULL pointer dereference");
	fl_bug("unable to handle kernel paging request");
}

/*
 * The address is bad, and mmap_sem is not held (any more): SIGSEGV for a user,
 * the fixup or an oops for the kernel.
 * Context: mmap_sem not held.
 */
static void __bad_area_nosemaphore(struct pt_regs *regs, unsigned long error_code,
				   unsigned long address, int si_code)
{
	struct task_struct *tsk = current;

	if (error_code & PF_USER) {
		local_irq_enable();
		if (is_prefetch(regs, error_code, address))
			return;
		//@ anchor exit_sigsegv : The program gets SIGSEGV
		tsk->thread.cr2 = address;
		/* Faults at kernel addresses always look like protection faults. */
		tsk->thread.error_code = error_code | (address >= TASK_SIZE ? PF_PROT : 0);
		tsk->thread.trap_no = 14;
		force_sig_info_fault(SIGSEGV, si_code, address, tsk);
		return;
	}
	no_context(regs, error_code, address);
}

/* The same with "nothing is mapped there". Context: mmap_sem not held. */
static noinline void bad_area_nosemaphore(struct pt_regs *regs, unsigned long error_code,
					  unsigned long address)
{
	__bad_area_nosemaphore(regs, error_code, address, SEGV_MAPERR);
}

/* Drop mmap_sem, then as above. Context: mmap_sem held for reading; dropped. */
static void __bad_area(struct pt_regs *regs, unsigned long error_code,
		       unsigned long address, int si_code)
{
	struct mm_struct *mm = current->mm;

	up_read(&mm->mmap_sem);
	__bad_area_nosemaphore(regs, error_code, address, si_code);
}

/* No VMA covers the address. Context: mmap_sem held for reading; dropped. */
static noinline void bad_area(struct pt_regs *regs, unsigned long error_code,
			      unsigned long address)
{
	__bad_area(regs, error_code, address, SEGV_MAPERR);
}

/* The VMA forbids the access. Context: mmap_sem held for reading; dropped. */
static noinline void bad_area_access_error(struct pt_regs *regs, unsigned long error_code,
					   unsigned long address)
{
	__bad_area(regs, error_code, address, SEGV_ACCERR);
}

/*
 * No memory was left. The killer frees some; then the instruction faults again.
 * Context: mmap_sem held for reading; dropped.
 */
static void out_of_memory(struct pt_regs *regs, unsigned long error_code,
			  unsigned long address)
{
	(void)regs;
	(void)error_code;
	(void)address;
	//@ anchor exit_oom : No memory was left
	up_read(&current->mm->mmap_sem);
	pagefault_out_of_memory();
}

/*
 * There is no page behind the mapping, or it cannot be read.
 * Context: mmap_sem held for reading; dropped.
 */
static void do_sigbus(struct pt_regs *regs, unsigned long error_code, unsigned long address,
		      unsigned int fault)
{
	struct task_struct *tsk = current;
	struct mm_struct *mm = tsk->mm;
	int code = BUS_ADRERR;

	up_read(&mm->mmap_sem);
	if (!(error_code & PF_USER)) {
		//@ anchor exit_kernel_sigbus
		no_context(regs, error_code, address);
		return;
	}
	if (is_prefetch(regs, error_code, address))
		return;
	//@ anchor exit_sigbus : The program gets SIGBUS
	tsk->thread.cr2 = address;
	tsk->thread.error_code = error_code;
	tsk->thread.trap_no = 14;
	if (fault & VM_FAULT_HWPOISON) {
		//@ anchor exit_poison
		code = BUS_MCEERR_AR;
	}
	force_sig_info_fault(SIGBUS, code, address, tsk);
}

/*
 * What to do about a fault that handle_mm_fault() could not resolve.
 * Context: mmap_sem held for reading; dropped.
 */
static noinline void mm_fault_error(struct pt_regs *regs, unsigned long error_code,
				    unsigned long address, unsigned int fault)
{
	//@ flags fault VM_FAULT_
	if (fault & VM_FAULT_OOM)
		out_of_memory(regs, error_code, address);
	else if (fault & (VM_FAULT_SIGBUS | VM_FAULT_HWPOISON))
		do_sigbus(regs, error_code, address, fault);
	else
		BUG();
}

/*
 * A reserved bit in a page table: the tables are corrupt.
 * Context: any.
 */
static noinline void pgtable_bad(struct pt_regs *regs, unsigned long error_code,
				 unsigned long address)
{
	(void)regs;
	(void)error_code;
	(void)address;
	fl_bug("bad pagetable");
}

/*
 * Does the VMA forbid this access? 1 for yes.
 * Context: mmap_sem held.
 */
static inline int access_error(unsigned long error_code, int write, struct vm_area_struct *vma)
{
	if (write)
		return unlikely(!(vma->vm_flags & VM_WRITE));
	/* A read of a page that is there and still faults has no right to it. */
	if (unlikely(error_code & PF_PROT))
		return 1;
	if (unlikely(!(vma->vm_flags & (VM_READ | VM_EXEC | VM_WRITE))))
		return 1;
	return 0;
}

/*
 * A DOS program has touched the screen: note which of its pages, for the program that
 * runs it.
 * Context: mmap_sem held for reading; the fault is resolved.
 */
static void check_v8086_mode(struct pt_regs *regs, unsigned long address,
			     struct task_struct *tsk)
{
	unsigned long page;

	if (!v8086_mode(regs))
		return;
	page = (address - VM86_SCREEN_START) >> PAGE_SHIFT;
	if (page < VM86_SCREEN_PAGES) {
		//@ anchor screen_page
		tsk->thread.screen_bitmap |= 1UL << page;
	}
}

/* Does the address belong to the kernel's part? Context: any. */
//@ plumbing
static int fault_in_kernel_space(unsigned long address)
{
	return address >= TASK_SIZE_MAX;
}

/*
 * Resolve a page fault: make the address usable, or signal that it is not. The
 * access that faulted runs again after the return.
 * Context: trap through an interrupt gate, so interrupts are off on entry; the
 * task holds nothing. May sleep. mmap_sem is taken for reading and dropped.
 */
void __kprobes do_page_fault(struct pt_regs *regs, unsigned long error_code)
{
	//@ flags error_code PF_
	//@ flags fault VM_FAULT_
	struct vm_area_struct *vma;
	struct task_struct *tsk;
	unsigned long address;
	struct mm_struct *mm;
	int write;
	int fault;
	//@ anchor fault_entry : The page fault handler starts
	//@ flags release_flag FAULT_FLAG_
	//@ note This flag asks the handler to drop mmap_sem rather than block. It also means "first attempt".
	unsigned int release_flag = FAULT_FLAG_RELEASE;

	tsk = current;
	mm = tsk->mm;

	/* CR2 is this CPU's: read it before an interrupt can come. */
	address = read_cr2();

	if (kmemcheck_active(regs))
		kmemcheck_hide(regs);
	prefetchw(&mm->mmap_sem);

	if (unlikely(kmmio_fault(regs, address)))
		return;

	/* The kernel's part of the address space has no VMAs and needs no lock. */
	if (unlikely(fault_in_kernel_space(address))) {
		if (!(error_code & (PF_RSVD | PF_USER | PF_PROT))) {
			if (vmalloc_fault(address) >= 0)
				return;
			if (kmemcheck_fault(regs, address, error_code))
				return;
		}
		if (spurious_fault(error_code, address))
			return;
		if (notify_page_fault(regs))
			return;
		//@ anchor exit_kernel_address : The address is the kernel's
		bad_area_nosemaphore(regs, error_code, address);
		return;
	}

	if (unlikely(notify_page_fault(regs)))
		return;

	/* CR2 is safe now, and what follows may sleep. */
	if (user_mode_vm(regs)) {
		local_irq_enable();
		error_code |= PF_USER;
	} else if (regs->flags & X86_EFLAGS_IF) {
		local_irq_enable();
	}

	if (unlikely(error_code & PF_RSVD))
		pgtable_bad(regs, error_code, address);

	//@ note This counts traps. It stands before the label retry, so a retried fault counts once.
	perf_sw_event(PERF_COUNT_SW_PAGE_FAULTS, 1, 0, regs, address);

	/* Without user memory, or where sleeping is forbidden, nothing can be resolved. */
	if (unlikely(in_atomic() || !mm)) {
		//@ anchor exit_atomic : Sleeping is forbidden here, so the fault cannot be resolved
		bad_area_nosemaphore(regs, error_code, address);
		return;
	}

	/*
	 * Only try at first. If a bug made the kernel fault with mmap_sem held,
	 * waiting for it here would never end, and nobody would hear of the bug.
	 * The slow look into the exception table is worth it only in that case.
	 */
	//@ anchor take_mmap_sem
	//@ note A read hold is enough to look at VMAs. The attempt fails if a writer is inside or if anybody waits.
	if (unlikely(!down_read_trylock(&mm->mmap_sem))) {
		//@ anchor contended
		if (!(error_code & PF_USER) &&
		    !search_exception_tables(regs->ip)) {
			//@ anchor exit_kernel_bug
			bad_area_nosemaphore(regs, error_code, address);
			return;
		}
		//@ note A second attempt jumps here, into the block of the failed trylock. It waits for the lock like everybody else; that waiting is safe was settled on the first attempt.
retry:
		down_read(&mm->mmap_sem);
	} else {
		/* down_read() would have said that this task may sleep now. */
		might_sleep();
	}

	//@ anchor find_vma : mmap_sem is held for reading
	vma = find_vma(mm, address);
	if (unlikely(!vma)) {
		//@ anchor exit_behind_all
		bad_area(regs, error_code, address);
		return;
	}
	if (likely(vma->vm_start <= address))
		goto good_area;
	if (unlikely(!(vma->vm_flags & VM_GROWSDOWN))) {
		//@ anchor exit_in_a_hole
		bad_area(regs, error_code, address);
		return;
	}
	if (error_code & PF_USER) {
		/*
		 * Far below the stack pointer is no stack access. The slack is for
		 * enter and pusha, which touch memory before they move it.
		 */
		if (unlikely(address + 65536 + 32 * sizeof(unsigned long) < regs->sp)) {
			//@ anchor exit_far_below_stack
			bad_area(regs, error_code, address);
			return;
		}
	}
	//@ anchor grow_stack : The stack grows
	if (unlikely(expand_stack(vma, address))) {
		//@ anchor exit_stack_limit
		bad_area(regs, error_code, address);
		return;
	}

	/* The address belongs to this VMA; may it be accessed this way? */
good_area:
	//@ anchor vma_found
	write = error_code & PF_WRITE;

	if (unlikely(access_error(error_code, write, vma))) {
		//@ anchor exit_access_error : The mapping forbids this access
		bad_area_access_error(regs, error_code, address);
		return;
	}

	/*
	 * If this fails, the task ends here: going back to the instruction would
	 * only fault again.
	 */
	fault = handle_mm_fault(mm, vma, address,
				release_flag | (write ? FAULT_FLAG_WRITE : 0));

	if (unlikely(fault & VM_FAULT_ERROR)) {
		mm_fault_error(regs, error_code, address, fault);
		return;
	}

	if (release_flag) {	/* the first attempt */
		//@ anchor account : The fault is counted, once
		if (fault & VM_FAULT_MAJOR) {
			tsk->maj_flt++;
			perf_sw_event(PERF_COUNT_SW_PAGE_FAULTS_MAJ, 1, 0,
				      regs, address);
		} else {
			tsk->min_flt++;
			perf_sw_event(PERF_COUNT_SW_PAGE_FAULTS_MIN, 1, 0,
				      regs, address);
		}
		if (fault & VM_FAULT_RELEASED) {
			/*
			 * mmap_sem is gone, and with it all that was known
			 * about the VMA. Take it again and look again, this
			 * time without the flag: a second attempt waits with
			 * the lock held, so that it cannot go on for ever.
			 */
			//@ anchor retry : The second attempt begins
			release_flag = 0;
			goto retry;
		}
	}

	check_v8086_mode(regs, address, tsk);

	//@ anchor fault_done : The fault is resolved: back to the program
	up_read(&mm->mmap_sem);
}
