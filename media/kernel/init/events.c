/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NON-KERNEL: what happens to a program from outside. Each event of the scenario is the
 * work of a kernel task of its own, which the machine starts at a time or when another
 * task comes to a place. It uses the functions that Linux itself would use, so it takes
 * locks and waits for pages like everybody else.
 */
#include <faultline/scenario.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/swap.h>

static struct inode **event_inodes;
static struct task_struct *event_tasks;

static LIST_HEAD(pressure_pages);	/* frames that nobody shall have */
static DEFINE_SPINLOCK(pressure_lock);	/* guards pressure_pages */

/* Tell where files and tasks of the scenario are. Context: boot. */
void __init events_init(struct inode **inodes, struct task_struct *tasks)
{
	event_inodes = inodes;
	event_tasks = tasks;
}

/*
 * Make a file shorter, or longer again up to the room it has on the disk.
 * Context: kernel task; sleeps.
 */
static void truncate_event(const struct fl_event *event)
{
	struct inode *inode = event_inodes[event->file];
	loff_t size = (loff_t)event->number << PAGE_CACHE_SHIFT;

	//@ anchor event_truncate : Somebody changes the size of the file
	truncate_setsize(inode, size);
}

/*
 * Reclaim some pages of a file, as if they were the oldest. Those that are in use stay.
 * Context: kernel task.
 */
static void evict_event(const struct fl_event *event)
{
	struct address_space *mapping = event_inodes[event->file]->i_mapping;
	LIST_HEAD(page_list);
	u32 i;

	for (i = 0; i < event->nr_pages; i++) {
		struct page *page = find_get_page(mapping, event->pages[i]);

		if (!page)
			continue;
		if (isolate_lru_page(page) == 0)
			list_add(&page->lru, &page_list);
		put_page(page);
	}
	//@ anchor event_evict : Memory is short: some pages are to leave the cache
	shrink_page_list(&page_list);
}

/* Send a signal to a task. Context: kernel task. */
static void signal_event(const struct fl_event *event)
{
	struct task_struct *task = &event_tasks[event->task];

	//@ anchor event_signal : Somebody sends a signal
	if (task->mm)
		send_sig((int)event->number, task);
}

/*
 * Take page frames away until only so many are free, or give some back. Who had them
 * in a real machine does not matter, so this takes no time.
 * Context: kernel task.
 */
//@ cost free
static void pressure_event(const struct fl_event *event)
{
	spin_lock(&pressure_lock);
	while (nr_free_pages() > event->number) {
		struct page *page = rmqueue(GFP_ATOMIC);

		if (!page)
			break;
		list_add(&page->lru, &pressure_pages);
	}
	while (nr_free_pages() < event->number && !list_empty(&pressure_pages)) {
		struct page *page = list_first_entry(&pressure_pages, struct page, lru);

		list_del(&page->lru);
		if (atomic_dec_and_test(&page->_count))
			free_hot_cold_page(page, 0);
	}
	spin_unlock(&pressure_lock);
}

/* What a kernel task of an event does. Context: kernel task; sleeps. */
void run_event(const void *argument)
{
	const struct fl_event *event = argument;

	switch (event->kind) {
	case FL_EVENT_TRUNCATE:
		truncate_event(event);
		break;
	case FL_EVENT_EVICT:
		evict_event(event);
		break;
	case FL_EVENT_SIGNAL:
		signal_event(event);
		break;
	case FL_EVENT_PRESSURE:
		pressure_event(event);
		break;
	default:
		BUG();
	}
}
