/* SPDX-License-Identifier: GPL-2.0-only */
/* `current`: the task that runs on this CPU. In an interrupt: the interrupted one. */
#ifndef _ASM_X86_CURRENT_H
#define _ASM_X86_CURRENT_H

#include <faultline/machine.h>

struct task_struct;

#define current	((struct task_struct *)fl_current())

#define NR_CPUS	8
#define smp_processor_id()	fl_cpu()

#endif
