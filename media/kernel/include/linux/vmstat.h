/* SPDX-License-Identifier: GPL-2.0-only */
/* Event counters of memory management (/proc/vmstat): one set for each CPU. */
#ifndef _LINUX_VMSTAT_H
#define _LINUX_VMSTAT_H

#include <asm/current.h>

enum vm_event_item {
	PGFAULT,	/* calls of handle_mm_fault(), not traps */
	PGMAJFAULT,	/* page cache misses of a fault */
	PGPGIN,		/* pages that came from the disk */
	PGALLOC,
	PGFREE,
	PGDIRTIED,	/* times that a writer of a file was looked at */
	NR_VM_EVENT_ITEMS
};

struct vm_event_state {
	unsigned long event[NR_VM_EVENT_ITEMS];
};

/* mm/vmstat.c; the sum over the CPUs is the count. */
extern struct vm_event_state vm_event_states[NR_CPUS];

/* Count one event on this CPU. Context: any. */
//@ plumbing
static inline void count_vm_event(enum vm_event_item item)
{
	vm_event_states[smp_processor_id()].event[item]++;
}

#endif
