/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The boot table: what the scenario wants, as plain words. The host places it
 * in memory, start_scenario() (init/main.c) reads it once and builds everything
 * with the kernel's own functions. All pointers are kernel addresses inside the
 * table. The writer of this layout is src/scenario/bootTable.ts.
 */
#ifndef _FAULTLINE_SCENARIO_H
#define _FAULTLINE_SCENARIO_H

#include <linux/types.h>

#define FL_TABLE_MAGIC		0x464c5431u
#define FL_ADVICE_NORMAL	0
#define FL_ADVICE_RANDOM	1
#define FL_ADVICE_SEQUENTIAL	2

/*
 * A file; page i lies on the disk at sector + 8 * i. The lists are indices of pages
 * that start in memory, that differ from the disk (these start in memory as well), and
 * that are not on the disk.
 */
struct fl_file {
	const char *name;
	u32 bytes;
	u32 sector;
	u32 nr_cached;
	const u32 *cached;
	u32 asks_to_write;	/* the file system is asked before a shared page becomes writable */
	u32 nr_dirty;
	const u32 *dirty;
	u32 nr_holes;
	const u32 *holes;
};

/* A mapping of a process; `file` is an index, or -1 for anonymous memory. */
struct fl_map {
	const char *name;
	s32 file;
	u32 start;
	u32 bytes;
	u32 pgoff;
	u32 prot;		/* PROT_ bits */
	u32 flags;		/* MAP_ bits, MAP_GROWSDOWN included */
	u32 advice;
	u32 populate;		/* map every page before the start */
	const u8 *image;	/* first content of anonymous memory, or NULL */
	u32 image_bytes;
};

struct fl_process {
	const char *name;
	u32 nr_maps;
	struct fl_map *maps;
	u32 stack_limit;	/* RLIMIT_STACK in bytes, or 0 for the usual one */
	u32 as_limit;		/* RLIMIT_AS in bytes, or 0 for none */
};

/* A task and its registers at the start. */
struct fl_task {
	const char *name;
	u32 process;
	u32 cpu;
	u32 ip;
	u32 sp;
	u32 ax;
	u32 bx;
	u32 cx;
	u32 dx;
	u32 si;
	u32 di;
};

/* What an event does. */
enum fl_event_kind {
	FL_EVENT_TRUNCATE,	/* make a file shorter: `number` is its new size in pages */
	FL_EVENT_EVICT,		/* reclaim some pages of a file */
	FL_EVENT_SIGNAL,	/* send the signal `number` to a task */
	FL_EVENT_PRESSURE	/* let `number` page frames be free */
};

/* An event: work that a kernel task of its own does when the scenario says so. */
struct fl_event {
	const char *name;
	u32 kind;
	u32 file;		/* index, for truncate and evict */
	u32 task;		/* index, for signal */
	u32 number;
	u32 nr_pages;
	const u32 *pages;	/* indices, for evict */
};

struct fl_table {
	u32 magic;
	u32 nr_files;
	struct fl_file *files;
	u32 nr_processes;
	struct fl_process *processes;
	u32 nr_tasks;
	struct fl_task *tasks;
	u32 nr_cpus;
	u32 readahead_pages;	/* pages of a read-around window; 0: none */
	u32 nr_events;
	struct fl_event *events;
};

#endif
