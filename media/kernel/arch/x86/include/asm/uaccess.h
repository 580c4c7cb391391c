/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User memory from kernel code. An address that a program passes may be nonsense, or
 * its page may be away, so it is never used as a plain pointer: get_user(), put_user()
 * and the copies below make accesses that may fault. A fault is resolved like one of
 * the program itself (it may sleep), and if it cannot be, the access fails softly: the
 * exception table knows where to go on instead of stopping the kernel.
 *
 * Source: arch/x86/include/asm/uaccess.h of Linux 2.6.36. Cut: set_fs(), 64-bit values,
 * accesses with interrupts off, strings.
 */
#ifndef _ASM_X86_UACCESS_H
#define _ASM_X86_UACCESS_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/sched.h>
#include <asm/page.h>

#define VERIFY_READ	0
#define VERIFY_WRITE	1

/*
 * A function whose access of user memory may fault, and the function that takes over
 * when the fault cannot be resolved: with the same parameters, for the same caller.
 * NON-KERNEL: Linux lists single instructions and jumps into a few more of them.
 */
struct exception_table_entry {
	unsigned long insn;
	unsigned long fixup;
};

/* arch/x86/lib/getuser.c: the whole table; an entry of zeros ends it. */
extern const struct exception_table_entry __start___ex_table[];

/* kernel/extable.c, arch/x86/mm/extable.c */
const struct exception_table_entry *search_exception_tables(unsigned long address);
int fixup_exception(struct pt_regs *regs);

/* Does a range lie below the kernel's part? Says nothing about what is mapped. Context: any. */
#define access_ok(type, address, size) \
	((void)(type), (unsigned long)(size) <= TASK_SIZE && \
	 (unsigned long)(address) <= TASK_SIZE - (unsigned long)(size))

/* From here to there, a fault on user memory fails at once instead of being resolved. */
#define pagefault_disable()	preempt_disable()
#define pagefault_enable()	preempt_enable()

/* What follows may fault and so sleep. */
#define might_fault()	might_sleep()

/* arch/x86/lib/getuser.c: one access each; 0, or -EFAULT. */
int __get_user_1(void *to, const void __user *from);
int __get_user_2(void *to, const void __user *from);
int __get_user_4(void *to, const void __user *from);
int __put_user_1(void __user *to, unsigned long value);
int __put_user_2(void __user *to, unsigned long value);
int __put_user_4(void __user *to, unsigned long value);

/* By the size of what the pointer points to: 1, 2 or 4. No check of the range. */
#define __get_user_size(to, from, size) \
	((size) == 1 ? __get_user_1(to, from) : \
	 (size) == 2 ? __get_user_2(to, from) : __get_user_4(to, from))
#define __put_user_size(to, value, size) \
	((size) == 1 ? __put_user_1(to, value) : \
	 (size) == 2 ? __put_user_2(to, value) : __put_user_4(to, value))

/*
 * Read what a user pointer points to into x, or write x there: 0, or -EFAULT (then x
 * reads as 0). Those with underscores leave the check of the range to the caller.
 * Context: may sleep; mmap_sem not held.
 */
#define __get_user(x, ptr) ({ \
	unsigned long __value = 0; \
	int __error; \
	might_fault(); \
	__error = __get_user_size(&__value, ptr, sizeof(*(ptr))); \
	(x) = (__typeof__(*(ptr)))__value; \
	__error; \
})
#define __put_user(x, ptr) ({ \
	might_fault(); \
	__put_user_size(ptr, (unsigned long)(x), sizeof(*(ptr))); \
})
#define get_user(x, ptr) ({ \
	int __result = -EFAULT; \
	if (access_ok(VERIFY_READ, ptr, sizeof(*(ptr)))) \
		__result = __get_user(x, ptr); \
	else \
		(x) = 0; \
	__result; \
})
#define put_user(x, ptr) ({ \
	int __result = -EFAULT; \
	if (access_ok(VERIFY_WRITE, ptr, sizeof(*(ptr)))) \
		__result = __put_user(x, ptr); \
	__result; \
})

/* arch/x86/lib/usercopy.c; all return how many bytes were not copied. */
unsigned long __copy_to_user_inatomic(void __user *to, const void *from, unsigned long n);
unsigned long __copy_from_user_inatomic(void *to, const void __user *from, unsigned long n);
unsigned long __copy_to_user(void __user *to, const void *from, unsigned long n);
unsigned long __copy_from_user(void *to, const void __user *from, unsigned long n);
unsigned long copy_to_user(void __user *to, const void *from, unsigned long n);
unsigned long copy_from_user(void *to, const void __user *from, unsigned long n);
unsigned long clear_user(void __user *to, unsigned long n);

#endif
