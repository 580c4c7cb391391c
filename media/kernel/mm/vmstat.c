/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The event counters of memory management. Source: mm/vmstat.c of Linux 2.6.36.
 * Cut: counters of zones, /proc/vmstat.
 */
#include <linux/vmstat.h>

struct vm_event_state vm_event_states[NR_CPUS];
