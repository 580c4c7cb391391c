/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The intrinsics: functions that the simulated machine itself performs. They
 * stand for what a processor, an interrupt controller and a disk do; everything
 * else that Linux does is C in this tree.
 *
 * Memory is sequentially consistent, and another CPU or a device can act only
 * just before an operation that others can notice (an atomic one, a park or a
 * wake, a change of the interrupt flag, ...). The list is the one of
 * src/bytecode/intrinsic.ts; a test compares the two.
 */
#ifndef _FAULTLINE_MACHINE_H
#define _FAULTLINE_MACHINE_H

/* Atomic operations on one word; each returns the value from before. */
int fl_atomic_add(volatile int *p, int v);
unsigned long fl_atomic_cmpxchg(volatile void *p, unsigned long expected,
				unsigned long desired);
unsigned long fl_atomic_xchg(volatile void *p, unsigned long v);

/* Atomic operations on one bit; the tests return the bit from before. */
int fl_test_and_set_bit(int nr, volatile unsigned long *p);
int fl_test_and_clear_bit(int nr, volatile unsigned long *p);
void fl_set_bit(int nr, volatile unsigned long *p);
void fl_clear_bit(int nr, volatile unsigned long *p);

/* This CPU stands still while *p == v: the body of a spin loop. */
void fl_cpu_wait(volatile int *p, int v);

/* Park the running task unless *state is 0; wake a parked one; end for good. */
void fl_park(volatile long *state);
int fl_wake(unsigned long cookie);
/* Interrupt the CPU that runs a task, unless none does, or this one: 1 if it does. */
int fl_kick(unsigned long cookie);
void fl_task_exit(int code);

/* The interrupt flag of this CPU. */
int fl_irq_disable(void);
void fl_irq_enable(void);
void fl_irq_restore(int enabled);
int fl_irqs_enabled(void);

/* Who runs, where, and when. */
unsigned long fl_current(void);
int fl_cpu(void);
unsigned long fl_clock_us(void);

/* Paging: the address that faulted, the page directory, the TLBs of this CPU and others. */
unsigned long fl_read_cr2(void);
void fl_load_cr3(unsigned long page_directory);
void fl_flush_tlb_page(unsigned long address);
void fl_flush_tlb(void);
unsigned long fl_cr3_cpus(unsigned long page_directory);
void fl_flush_tlb_others(unsigned long cpus, unsigned long address);

/* One access of user memory, 1, 2 or 4 bytes; it may be a page fault of the kernel. */
unsigned long fl_user_load(const volatile void *address, int bytes);
void fl_user_store(volatile void *address, unsigned long value, int bytes);
/* The function whose code contains an address of the code window, 0 if none does. */
unsigned long fl_function_at(unsigned long ip);

/* Tasks, only while booting. */
int fl_task_create(int index, unsigned long cookie, unsigned long stack_low,
		   unsigned long stack_bytes, unsigned long page_directory);
int fl_idle_create(int cpu, unsigned long cookie, unsigned long stack_low,
		   unsigned long stack_bytes);

/* The disk and the timers. */
void fl_disk_submit(unsigned long sector, const unsigned long *frames, int count,
		    unsigned long cookie);
unsigned long fl_disk_completed(int *error);
void fl_disk_load(unsigned long sector, unsigned long frame);
int fl_timer_arm(unsigned long ns, unsigned long cookie);
int fl_timer_cancel(int timer);

/* Memory and text. */
void *fl_memcpy(void *to, const void *from, unsigned long bytes);
void *fl_memset(void *to, int byte, unsigned long bytes);
void fl_write(int fd, const char *text, unsigned long bytes);
unsigned long fl_ram_bytes(void);
unsigned long fl_kernel_end(void);

/*
 * What the checks for wrong memory accesses know; nothing else depends on it. An
 * object begins to live without values. Using it after its end, or a red zone, or
 * a free page stops the machine, except in functions that are marked
 * __no_sanitize_address.
 */
#define FL_MEMORY_USABLE	0
#define FL_MEMORY_RED_ZONE	1
#define FL_MEMORY_FREE_PAGE	2
void fl_memory_state(const void *p, unsigned long bytes, int state);
void fl_object_allocated(const void *p, unsigned long bytes);
void fl_object_freed(const void *p, unsigned long bytes);

/* Ends: a bug of the kernel, or the end of the whole run. */
void fl_bug(const char *message);
void fl_exit(int status);

/* Bits of a word; fl_clz and fl_ctz of 0 are 32. */
int fl_popcount(unsigned long v);
int fl_clz(unsigned long v);
int fl_ctz(unsigned long v);
unsigned long fl_bswap(unsigned long v);

#endif
