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
void fl_bug(const char *message);
void fl_exit(int status);

/* The heap: from the end of the program to the end of memory. Set before main. */
extern char *__heap_start;
extern char *__heap_end;

#endif
