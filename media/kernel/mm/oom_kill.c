/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Out of memory: the task that needs a page dies. Linux chooses the worst task of
 * all; here it is always the running one. Source: mm/oom_kill.c of Linux 2.6.36.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/signal.h>

/* A page fault got no memory. Context: user fault, no locks held. */
void pagefault_out_of_memory(void)
{
	send_sig(SIGKILL, current);
}
