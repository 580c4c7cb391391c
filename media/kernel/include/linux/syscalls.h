/* SPDX-License-Identifier: GPL-2.0-only */
/* System calls by name; the table that numbers them is in kernel/entry.c. */
#ifndef _LINUX_SYSCALLS_H
#define _LINUX_SYSCALLS_H

#include <linux/types.h>

long sys_exit(int error_code);
long sys_exit_group(int error_code);
long sys_getpid(void);
long sys_gettid(void);
long sys_mmap_pgoff(unsigned long addr, unsigned long len, unsigned long prot,
		    unsigned long flags, unsigned long fd, unsigned long pgoff);
long sys_munmap(unsigned long addr, size_t len);
long sys_madvise(unsigned long start, size_t len, int behavior);

#endif
