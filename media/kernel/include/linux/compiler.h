/* SPDX-License-Identifier: GPL-2.0-only */
/* Hints for compiler and reader; most of them mean nothing to this machine. */
#ifndef _LINUX_COMPILER_H
#define _LINUX_COMPILER_H

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

#define asmlinkage
#define __kprobes
#define __sched
#define __init
#define __user
#define __always_inline	inline
#define __no_sanitize_address	__attribute__((no_sanitize_address))
#define noinline
/* Ignoring the result is a mistake, and the compiler says so. */
#define __must_check	__attribute__((warn_unused_result))
#define offsetof(type, member)	__builtin_offsetof(type, member)

/* Memory is sequentially consistent here, so the barriers only mark the places. */
#define barrier()	do { } while (0)
#define smp_mb()	do { } while (0)
#define smp_rmb()	do { } while (0)
#define smp_wmb()	do { } while (0)
#define smp_mb__after_clear_bit()	do { } while (0)

#endif
