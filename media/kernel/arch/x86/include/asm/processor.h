/* SPDX-License-Identifier: GPL-2.0-only */
/* Control registers and the TLB of the processor. */
#ifndef _ASM_X86_PROCESSOR_H
#define _ASM_X86_PROCESSOR_H

#include <faultline/machine.h>
#include <asm/page.h>

/* The linear address of the last page fault of this CPU. */
#define read_cr2()	fl_read_cr2()
/* Switch this task to another page directory; its CPU forgets all translations. */
#define load_cr3(pgdir)	fl_load_cr3(__pa(pgdir))

#define prefetchw(pointer)	do { (void)(pointer); } while (0)
#define might_lock_read(lock)	do { } while (0)

#endif
