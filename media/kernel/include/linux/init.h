/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions that only booting uses. */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <faultline/scenario.h>

struct inode;
struct task_struct;

/* init/main.c: where the machine starts. */
void start_scenario(const struct fl_table *table);
/* init/events.c; the arrays are those of the scenario's files and tasks. */
void events_init(struct inode **inodes, struct task_struct *tasks);
void run_event(const void *event);
/* mm/page_alloc.c */
void mem_init(unsigned long first_free);
void *alloc_bootmem(unsigned long bytes, unsigned long align);
void free_all_bootmem(void);
/* kernel/sched.c */
void sched_init(unsigned int nr_cpus);

#endif
