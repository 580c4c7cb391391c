/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Software events of perf, as if one counter for each kind were open on each CPU
 * all the time. Samples and call chains are cut.
 */
#ifndef _LINUX_PERF_EVENT_H
#define _LINUX_PERF_EVENT_H

#include <linux/types.h>
#include <asm/current.h>
#include <asm/ptrace.h>

enum perf_sw_ids {
	PERF_COUNT_SW_CPU_CLOCK = 0,
	PERF_COUNT_SW_TASK_CLOCK = 1,
	PERF_COUNT_SW_PAGE_FAULTS = 2,
	PERF_COUNT_SW_CONTEXT_SWITCHES = 3,
	PERF_COUNT_SW_CPU_MIGRATIONS = 4,
	PERF_COUNT_SW_PAGE_FAULTS_MIN = 5,
	PERF_COUNT_SW_PAGE_FAULTS_MAJ = 6,
	PERF_COUNT_SW_MAX
};

struct perf_sw_count {
	unsigned long count[PERF_COUNT_SW_MAX];
};

/* kernel/perf_event.c; the sum over the CPUs is the count. */
extern struct perf_sw_count perf_sw_counts[NR_CPUS];

/* Count `nr` events of one kind on this CPU. Context: any. */
//@ plumbing
static inline void perf_sw_event(u32 event_id, u64 nr, int nmi, struct pt_regs *regs, u64 addr)
{
	(void)nmi;
	(void)regs;
	(void)addr;
	perf_sw_counts[smp_processor_id()].count[event_id] += (unsigned long)nr;
}

#endif
