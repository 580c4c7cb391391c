/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making and freeing tasks and address spaces. fork() itself is cut: all tasks of a
 * scenario are made while booting (init/main.c).
 *
 * Source: kernel/fork.c of Linux 2.6.36.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/slab.h>

/* An empty address space with one user; NULL without memory. Context: may sleep. */
struct mm_struct *mm_alloc(void)
{
	struct mm_struct *mm = kzalloc(sizeof(*mm), GFP_KERNEL);

	if (!mm)
		return NULL;
	mm->pgd = (pgd_t *)get_zeroed_page(GFP_KERNEL);
	if (!mm->pgd) {
		kfree(mm);
		return NULL;
	}
	atomic_set(&mm->mm_users, 1);
	atomic_set(&mm->mm_count, 1);
	init_rwsem(&mm->mmap_sem);
	spin_lock_init(&mm->page_table_lock);
	return mm;
}

/* The last reference to an address space without users is gone. Context: any. */
void mmdrop(struct mm_struct *mm)
{
	if (!atomic_dec_and_test(&mm->mm_count))
		return;
	free_page((unsigned long)mm->pgd);
	kfree(mm);
}

/* One user less; with the last one everything that is mapped goes. Context: may sleep. */
void mmput(struct mm_struct *mm)
{
	might_sleep();
	if (!atomic_dec_and_test(&mm->mm_users))
		return;
	exit_mmap(mm);
	mmdrop(mm);
}

/* The address space of a task, as one more user; NULL if it has none (any more). Context: any. */
struct mm_struct *get_task_mm(struct task_struct *task)
{
	struct mm_struct *mm;

	task_lock(task);
	mm = task->mm;
	if (mm)
		atomic_inc(&mm->mm_users);
	task_unlock(task);
	return mm;
}

/* One more reference to a task, so that it can be woken safely. Context: any. */
//@ plumbing
void get_task_struct(struct task_struct *task)
{
	atomic_inc(&task->usage);
}

/*
 * One reference less. NON-KERNEL: the task_struct is kept, because its counters are
 * shown after the end of the run.
 * Context: any.
 */
//@ plumbing
void put_task_struct(struct task_struct *task)
{
	BUG_ON(atomic_add_return(-1, &task->usage) < 0);
}
