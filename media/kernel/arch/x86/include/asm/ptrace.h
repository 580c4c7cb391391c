/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The user registers as a trap saves them at the top of the kernel stack, and
 * what their bits mean. The order is the one the machine writes.
 */
#ifndef _ASM_X86_PTRACE_H
#define _ASM_X86_PTRACE_H

#include <linux/types.h>
#include <linux/compiler.h>

struct pt_regs {
	unsigned long bx;
	unsigned long cx;
	unsigned long dx;
	unsigned long si;
	unsigned long di;
	unsigned long bp;
	unsigned long ax;
	unsigned long ds;
	unsigned long es;
	unsigned long fs;
	unsigned long gs;
	unsigned long orig_ax;
	unsigned long ip;
	unsigned long cs;
	//@ flags flags X86_EFLAGS_
	unsigned long flags;
	unsigned long sp;
	unsigned long ss;
};

#define X86_EFLAGS_CF	0x00000001	/* carry */
#define X86_EFLAGS_ZF	0x00000040	/* zero */
#define X86_EFLAGS_SF	0x00000080	/* sign */
#define X86_EFLAGS_IF	0x00000200	/* interrupts enabled */
#define X86_EFLAGS_VM	0x00020000	/* virtual 8086 mode */

/* Selectors that user code runs with; the low two bits are the privilege level. */
#define __USER_CS	0x73
#define __USER_DS	0x7b
#define SEGMENT_RPL_MASK	0x3
#define USER_RPL	0x3

/* Did the trap come from privilege level 3? Context: any. */
//@ plumbing
static inline int user_mode(struct pt_regs *regs)
{
	return (regs->cs & SEGMENT_RPL_MASK) == USER_RPL;
}

/* Did it come from virtual 8086 mode? Context: any. */
//@ plumbing
static inline int v8086_mode(struct pt_regs *regs)
{
	return (regs->flags & X86_EFLAGS_VM) != 0;
}

/* From either of them? Context: any. */
//@ plumbing
static inline int user_mode_vm(struct pt_regs *regs)
{
	return user_mode(regs) || v8086_mode(regs);
}

#endif
