/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals as far as page faults need them: each one is fatal. Handlers, masks
 * and queues of several signals are cut.
 */
#ifndef _LINUX_SIGNAL_H
#define _LINUX_SIGNAL_H

#include <linux/compiler.h>
#include <linux/types.h>

#define SIGILL		4
#define SIGTRAP		5
#define SIGBUS		7
#define SIGFPE		8
#define SIGKILL		9
#define SIGSEGV		11
#define SIGTERM		15

/* Why SIGSEGV: no mapping there, or one that forbids the access. */
#define SEGV_MAPERR	1
#define SEGV_ACCERR	2
/* Why SIGBUS: no such page behind the mapping, or broken memory. */
#define BUS_ADRERR	2
#define BUS_MCEERR_AR	4
/* The kernel itself sent it. */
#define SI_KERNEL	0x80

typedef struct siginfo {
	int si_signo;
	int si_errno;
	int si_code;
	void __user *si_addr;
} siginfo_t;

/* Signals that wait for delivery: one bit for each. */
struct sigpending {
	unsigned long signal;
	siginfo_t info;		/* of the last forced one */
};

#define sigmask(sig)	(1UL << ((sig) - 1))

#endif
