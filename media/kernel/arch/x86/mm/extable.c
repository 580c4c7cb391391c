/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Going on after a fault of kernel code that was prepared for it.
 * Source: arch/x86/mm/extable.c of Linux 2.6.36.
 */
#include <asm/uaccess.h>

/*
 * Let the kernel go on in the fixup of the code that faulted: 1, or 0 if it has none.
 * Context: any; `regs` are those of the fault.
 */
int fixup_exception(struct pt_regs *regs)
{
	const struct exception_table_entry *fixup = search_exception_tables(regs->ip);

	if (!fixup)
		return 0;
	regs->ip = fixup->fixup;
	return 1;
}
