/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Single accesses of user memory in kernel mode, and the exception table that lists
 * them. All of them answer 0, or -EFAULT when the address cannot be accessed: that
 * answer comes from the fixup, in which the kernel goes on after such a fault.
 *
 * Source: arch/x86/lib/getuser.S and putuser.S of Linux 2.6.36, where the parts of
 * bad_get_user are instructions, and the linker gathers the table.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <asm/uaccess.h>

/* Read a byte. Context: may fault, so may sleep. */
//@ plumbing
noinline int __get_user_1(void *to, const void __user *from)
{
	*(u8 *)to = (u8)fl_user_load(from, 1);
	return 0;
}

/* Read two bytes. Context: may fault, so may sleep. */
//@ plumbing
noinline int __get_user_2(void *to, const void __user *from)
{
	*(u16 *)to = (u16)fl_user_load(from, 2);
	return 0;
}

/* Read a word. Context: may fault, so may sleep. */
//@ plumbing
noinline int __get_user_4(void *to, const void __user *from)
{
	*(u32 *)to = fl_user_load(from, 4);
	return 0;
}

/* Write a byte. Context: may fault, so may sleep. */
//@ plumbing
noinline int __put_user_1(void __user *to, unsigned long value)
{
	fl_user_store(to, value, 1);
	return 0;
}

/* Write two bytes. Context: may fault, so may sleep. */
//@ plumbing
noinline int __put_user_2(void __user *to, unsigned long value)
{
	fl_user_store(to, value, 2);
	return 0;
}

/* Write a word. Context: may fault, so may sleep. */
//@ plumbing
noinline int __put_user_4(void __user *to, unsigned long value)
{
	fl_user_store(to, value, 4);
	return 0;
}

/* The fixup of the reads; what they should have filled keeps its value. Context: any. */
//@ plumbing
static noinline int bad_get_user(void *to, const void __user *from)
{
	(void)to;
	(void)from;
	return -EFAULT;
}

/* The fixup of the writes. Context: any. */
//@ plumbing
static noinline int bad_put_user(void __user *to, unsigned long value)
{
	(void)to;
	(void)value;
	return -EFAULT;
}

#define _ASM_EXTABLE(from, to)	{ (unsigned long)(from), (unsigned long)(to) }

const struct exception_table_entry __start___ex_table[] = {
	_ASM_EXTABLE(__get_user_1, bad_get_user),
	_ASM_EXTABLE(__get_user_2, bad_get_user),
	_ASM_EXTABLE(__get_user_4, bad_get_user),
	_ASM_EXTABLE(__put_user_1, bad_put_user),
	_ASM_EXTABLE(__put_user_2, bad_put_user),
	_ASM_EXTABLE(__put_user_4, bad_put_user),
	{ 0, 0 }
};
