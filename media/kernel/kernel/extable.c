/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exception table: kernel code that is allowed to fault on user memory.
 *
 * Source: kernel/extable.c and lib/extable.c of Linux 2.6.36. Cut: tables of modules,
 * sorting; the few entries are looked at one by one.
 */
#include <linux/types.h>
#include <asm/uaccess.h>

/*
 * The entry for the code at an address, or NULL: a fault there is a bug.
 * Context: any.
 */
const struct exception_table_entry *search_exception_tables(unsigned long address)
{
	unsigned long function = fl_function_at(address);
	const struct exception_table_entry *entry;

	for (entry = __start___ex_table; entry->insn; entry++) {
		if (entry->insn == function)
			return entry;
	}
	return NULL;
}
