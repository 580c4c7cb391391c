/* SPDX-License-Identifier: GPL-2.0-only */
/* The basic types of the kernel on a 32-bit x86 (ILP32). */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

typedef signed char s8;
typedef unsigned char u8;
typedef short s16;
typedef unsigned short u16;
typedef int s32;
typedef unsigned int u32;
typedef long long s64;
typedef unsigned long long u64;

typedef unsigned int size_t;
typedef int ssize_t;
typedef long long loff_t;	/* a byte position in a file */
typedef unsigned long pgoff_t;	/* a page index in a file */
typedef unsigned long sector_t;	/* 512 bytes on the disk; 64 bits are not needed here */
typedef unsigned int gfp_t;
typedef unsigned int fmode_t;
typedef int pid_t;
typedef _Bool bool;

#define true	1
#define false	0
#define NULL	((void *)0)

/* An integer that is changed by atomic operations only. */
typedef struct {
	int counter;
} atomic_t;

struct list_head {
	struct list_head *next, *prev;
};

#endif
