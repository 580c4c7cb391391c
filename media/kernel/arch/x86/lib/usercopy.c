/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copying between kernel and user memory. Each function returns how many bytes it could
 * not copy: 0 means that all went well, and a system call makes -EFAULT of the rest.
 *
 * Source: arch/x86/lib/usercopy_32.c of Linux 2.6.36. Cut: the versions for large
 * copies and for caches, strings.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <asm/uaccess.h>

/*
 * How many bytes of a copy come before its words: as many as bring the target to a
 * multiple of 8. A copy of up to 7 bytes has no words.
 * Context: any.
 */
//@ plumbing
static unsigned long bytes_before_words(const void *to, unsigned long n)
{
	return n > 7 ? -(unsigned long)to & 7 : n;
}

/*
 * Copy to user memory: bytes up to where the target is aligned, words, then the bytes
 * that are left. The caller has checked the range. Where sleeping is forbidden, a page
 * that is not there ends the copy. The first access that fails ends it: the fixup of
 * i386 only works out what is left, so a bad page faults once. (That of x86-64 goes on
 * byte by byte, and faults again.)
 * Context: any; may fault.
 */
unsigned long __copy_to_user_inatomic(void __user *to, const void *from, unsigned long n)
{
	unsigned long head = bytes_before_words(to, n);

	for (; head > 0; head--, n--) {
		if (__put_user_1(to, *(const u8 *)from))
			return n;
		to++;
		from++;
	}
	for (; n >= 4; n -= 4) {
		if (__put_user_4(to, *(const u32 *)from))
			return n;
		to += 4;
		from += 4;
	}
	for (; n > 0; n--) {
		if (__put_user_1(to, *(const u8 *)from))
			break;
		to++;
		from++;
	}
	return n;
}

/* The same, where it may sleep. Context: may fault, so may sleep; mmap_sem not held. */
unsigned long __copy_to_user(void __user *to, const void *from, unsigned long n)
{
	might_fault();
	return __copy_to_user_inatomic(to, from, n);
}

/*
 * Copy from user memory, in the same way; the caller has checked the range. A word that
 * reaches into a bad page is not read at all.
 * Context: any; may fault.
 */
unsigned long __copy_from_user_inatomic(void *to, const void __user *from, unsigned long n)
{
	unsigned long head = bytes_before_words(to, n);

	for (; head > 0; head--, n--) {
		if (__get_user_1(to, from))
			return n;
		to++;
		from++;
	}
	for (; n >= 4; n -= 4) {
		if (__get_user_4(to, from))
			return n;
		to += 4;
		from += 4;
	}
	for (; n > 0; n--) {
		if (__get_user_1(to, from))
			break;
		to++;
		from++;
	}
	return n;
}

/*
 * The same, where it may sleep. What cannot be read is filled with zeros, so that the
 * kernel never goes on with old bytes.
 * Context: may fault, so may sleep; mmap_sem not held.
 */
unsigned long __copy_from_user(void *to, const void __user *from, unsigned long n)
{
	unsigned long left;

	might_fault();
	left = __copy_from_user_inatomic(to, from, n);
	if (left)
		memset((char *)to + (n - left), 0, left);
	return left;
}

/*
 * The same with the check that the range is the user's: a program must not be able to
 * make the kernel write to itself.
 * Context: may fault, so may sleep; mmap_sem not held.
 */
unsigned long copy_to_user(void __user *to, const void *from, unsigned long n)
{
	if (access_ok(VERIFY_WRITE, to, n))
		n = __copy_to_user(to, from, n);
	return n;
}

/* The same for reading. Context: may fault, so may sleep; mmap_sem not held. */
unsigned long copy_from_user(void *to, const void __user *from, unsigned long n)
{
	if (access_ok(VERIFY_READ, from, n))
		n = __copy_from_user(to, from, n);
	else
		memset(to, 0, n);
	return n;
}

/*
 * Fill user memory with zeros.
 * Context: may fault, so may sleep; mmap_sem not held.
 */
unsigned long clear_user(void __user *to, unsigned long n)
{
	might_fault();
	if (!access_ok(VERIFY_WRITE, to, n))
		return n;
	for (; n > 0; n--) {
		if (__put_user_1(to, 0))
			break;
		to++;
	}
	return n;
}
