/* SPDX-License-Identifier: GPL-2.0-only */
/* Bit operations; all of them are the processor's. */
#ifndef _LINUX_BITOPS_H
#define _LINUX_BITOPS_H

#include <asm/bitops.h>

#endif
