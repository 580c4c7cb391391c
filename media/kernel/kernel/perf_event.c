/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The software events of perf: plain counts. Source: kernel/perf_event.c of Linux
 * 2.6.36. Cut: everything but counting.
 */
#include <linux/perf_event.h>

struct perf_sw_count perf_sw_counts[NR_CPUS];
