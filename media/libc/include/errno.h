/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <errno.h>: why a library function failed.
 */
#ifndef _ERRNO_H
#define _ERRNO_H

extern int errno;

#define ENOMEM 12
#define EINVAL 22
#define EDOM 33
#define ERANGE 34

#endif
