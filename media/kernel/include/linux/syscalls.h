/* SPDX-License-Identifier: GPL-2.0-only */
/* System calls by name; the table that numbers them is in kernel/entry.c. */
#ifndef _LINUX_SYSCALLS_H
#define _LINUX_SYSCALLS_H

#include <linux/compiler.h>
#include <linux/types.h>

struct rlimit;
struct timespec;

long sys_exit(int error_code);
long sys_exit_group(int error_code);
long sys_getpid(void);
long sys_gettid(void);
long sys_mmap_pgoff(unsigned long addr, unsigned long len, unsigned long prot,
		    unsigned long flags, unsigned long fd, unsigned long pgoff);
long sys_munmap(unsigned long addr, size_t len);
long sys_ftruncate(unsigned int fd, unsigned long length);
long sys_kill(int pid, int sig);
long sys_madvise(unsigned long start, size_t len, int behavior);
long sys_mprotect(unsigned long start, size_t len, unsigned long prot);
long sys_mremap(unsigned long addr, unsigned long old_len, unsigned long new_len,
		unsigned long flags, unsigned long new_addr);
long sys_brk(unsigned long brk);
long sys_getrlimit(unsigned int resource, struct rlimit __user *rlim);
long sys_setrlimit(unsigned int resource, struct rlimit __user *rlim);
long sys_read(unsigned int fd, char __user *buf, size_t count);
long sys_write(unsigned int fd, const char __user *buf, size_t count);
long sys_lseek(unsigned int fd, long offset, unsigned int origin);
long sys_ptrace(long request, long pid, unsigned long addr, unsigned long data);
long sys_futex(u32 __user *uaddr, int op, u32 val);
long sys_nanosleep(struct timespec __user *rqtp);

#endif
