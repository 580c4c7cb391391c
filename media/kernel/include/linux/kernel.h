/* SPDX-License-Identifier: GPL-2.0-only */
/* Small tools that every file uses: bug checks, minima, container_of. */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <faultline/machine.h>

#define INT_MAX		0x7fffffff
#define ULONG_MAX	0xffffffffUL

#define FL_STRING_OF(x)	#x
#define FL_STRING(x)	FL_STRING_OF(x)

/* A state that must not happen: the run stops here and says where. */
#define BUG() \
	fl_bug("BUG at " __FILE__ ":" FL_STRING(__LINE__))
#define BUG_ON(condition) \
	do { \
		if (unlikely(condition)) \
			fl_bug("BUG_ON(" #condition ") at " __FILE__ ":" FL_STRING(__LINE__)); \
	} while (0)
/* On, as with CONFIG_DEBUG_VM. */
#define VM_BUG_ON(condition)	BUG_ON(condition)

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define container_of(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))

#define min(a, b)	((a) < (b) ? (a) : (b))
#define max(a, b)	((a) > (b) ? (a) : (b))
#define min_t(type, a, b)	((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define max_t(type, a, b)	((type)(a) > (type)(b) ? (type)(a) : (type)(b))

/* Memory functions of lib/string.c; the machine copies for them. */
void *memcpy(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);
size_t strlen(const char *text);
void strlcpy(char *to, const char *from, size_t size);

#endif
