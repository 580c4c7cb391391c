/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls about the process itself: its limits. Source: kernel/sys.c of Linux
 * 2.6.36. Cut: everything else of that file; privileges (nobody may raise a hard limit).
 */
#include <linux/errno.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <asm/uaccess.h>

/* The limits that a process starts with. Context: the process is new. */
void init_rlimits(struct signal_struct *signal)
{
	int i;

	for (i = 0; i < RLIM_NLIMITS; i++) {
		signal->rlim[i].rlim_cur = RLIM_INFINITY;
		signal->rlim[i].rlim_max = RLIM_INFINITY;
	}
	signal->rlim[RLIMIT_STACK].rlim_cur = _STK_LIM;
}

/* The system call getrlimit. Context: system call; may fault, so may sleep. */
long sys_getrlimit(unsigned int resource, struct rlimit __user *rlim)
{
	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	return copy_to_user(rlim, &current->signal->rlim[resource], sizeof(*rlim)) ? -EFAULT : 0;
}

/* The system call setrlimit. Context: system call; may fault, so may sleep. */
long sys_setrlimit(unsigned int resource, struct rlimit __user *rlim)
{
	struct rlimit new_rlim;

	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	if (copy_from_user(&new_rlim, rlim, sizeof(new_rlim)))
		return -EFAULT;
	if (new_rlim.rlim_cur > new_rlim.rlim_max)
		return -EINVAL;
	if (new_rlim.rlim_max > current->signal->rlim[resource].rlim_max)
		return -EPERM;
	current->signal->rlim[resource] = new_rlim;
	return 0;
}
