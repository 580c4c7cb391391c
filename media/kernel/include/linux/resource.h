/* SPDX-License-Identifier: GPL-2.0-only */
/* Limits of a process, as far as address spaces have some; by the numbers of i386. */
#ifndef _LINUX_RESOURCE_H
#define _LINUX_RESOURCE_H

#define RLIMIT_DATA	2	/* bytes of program data and heap */
#define RLIMIT_STACK	3	/* bytes of one stack */
#define RLIMIT_AS	9	/* bytes of all mappings together */
#define RLIM_NLIMITS	16

#define RLIM_INFINITY	(~0UL)
#define _STK_LIM	(8UL << 20)	/* the soft limit of a stack at the start */

struct rlimit {
	unsigned long rlim_cur;		/* what counts */
	unsigned long rlim_max;		/* how far the program may raise it */
};

struct signal_struct;

/* kernel/sys.c */
void init_rlimits(struct signal_struct *signal);

#endif
