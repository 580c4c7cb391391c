/* SPDX-License-Identifier: GPL-2.0-only */
/* The interrupt flag of this CPU. */
#ifndef _LINUX_IRQFLAGS_H
#define _LINUX_IRQFLAGS_H

#include <faultline/machine.h>

#define local_irq_enable()		fl_irq_enable()
#define local_irq_disable()		((void)fl_irq_disable())
#define local_irq_save(flags)		((flags) = (unsigned long)fl_irq_disable())
#define local_irq_restore(flags)	fl_irq_restore((int)(flags))
#define irqs_disabled()			(!fl_irqs_enabled())

#endif
