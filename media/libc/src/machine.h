/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this library asks of the machine. The machine performs these itself.
 */
#ifndef _LIBC_MACHINE_H
#define _LIBC_MACHINE_H

void *fl_memcpy(void *to, const void *from, unsigned long bytes);
void *fl_memset(void *to, int byte, unsigned long bytes);
void fl_write(int fd, const char *text, unsigned long bytes);
unsigned long fl_ram_bytes(void);
unsigned long fl_kernel_end(void);

/* What the checks know: red zones, objects that begin to live without values, and freed ones. */
#define FL_MEMORY_RED_ZONE 1
void fl_memory_state(const void *p, unsigned long bytes, int state);
void fl_object_allocated(const void *p, unsigned long bytes);
void fl_object_freed(const void *p, unsigned long bytes);

/* For functions that may touch memory that is guarded. */
#define __unchecked __attribute__((no_sanitize_address))

void fl_bug(const char *message);
void fl_exit(int status);

/* The heap: from the end of the program to the end of memory. Set before main. */
extern char *__heap_start;
extern char *__heap_end;

#endif
