/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read-copy-update, reduced to its marks. What lockless lookups walk over (nodes
 * of the page cache's tree, struct page) is never freed in this tree.
 */
#ifndef _LINUX_RCUPDATE_H
#define _LINUX_RCUPDATE_H

#define rcu_read_lock()		do { } while (0)
#define rcu_read_unlock()	do { } while (0)
#define rcu_dereference(pointer)	(pointer)
#define rcu_assign_pointer(pointer, value)	((pointer) = (value))

#endif
