/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual 8086 mode: how a 32-bit program lets a DOS program run as a part of itself.
 * It fills in a struct vm86_struct and calls vm86old(); the call returns when the other
 * program does something that it may not do by itself.
 */
#ifndef _ASM_X86_VM86_H
#define _ASM_X86_VM86_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/ptrace.h>

struct task_struct;

/* Why the call returned: the low byte says what it was, the rest is its argument. */
#define VM86_INTx	2	/* a software interrupt; the argument is its number */
#define VM86_ARG_SHIFT	8

/* In vm86_struct.flags: note which pages of the screen are written to. */
#define VM86_SCREEN_BITMAP	0x0001

/* The screen of a PC: 32 pages from here. */
#define VM86_SCREEN_START	0xa0000UL
#define VM86_SCREEN_PAGES	32

/* The registers of the DOS program; the segments lie behind those that pt_regs has. */
struct vm86_regs {
	struct pt_regs pt;
	unsigned short es, __esh;
	unsigned short ds, __dsh;
	unsigned short fs, __fsh;
	unsigned short gs, __gsh;
};

struct vm86_struct {
	struct vm86_regs regs;
	unsigned long flags;		/* VM86_SCREEN_BITMAP */
	unsigned long screen_bitmap;	/* bit i: page i of the screen was touched */
	unsigned long cpu_type;
};

/* arch/x86/kernel/vm86_32.c */
long sys_vm86old(struct vm86_struct __user *v86, struct pt_regs *regs);
void handle_vm86_int(struct pt_regs *regs, unsigned int number);

#endif
