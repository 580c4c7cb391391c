/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Booting: from the table of the scenario to files, processes and tasks. Everything is
 * built with the functions that the running kernel uses as well, so what the scenario
 * sees is what mmap() and page faults would have left behind.
 *
 * The boot code runs on CPU 0 as init_task, which is its idle task later. It borrows
 * each address space that it fills. Nothing may sleep: pages that must be in memory
 * from the start are loaded by the machine at once, without time or interrupt.
 *
 * NON-KERNEL: Linux starts programs by exec(); here the table says what is mapped.
 */
#include <faultline/scenario.h>
#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/perf_event.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmstat.h>
#include <asm/processor.h>

#define FIRST_FD	3	/* descriptors 0 to 2 are not open */
#define FIRST_PID	100

/* What boot makes of a process of the table. */
struct boot_process {
	struct mm_struct *mm;
	struct files_struct *files;
	struct signal_struct *signal;
	pid_t tgid;
};

/* What all kernel tasks share about their end: nothing. */
static struct signal_struct kernel_signal;

/* Stop booting, with the reason. Context: boot. */
//@ plumbing
static void __init boot_check(int is_fine, const char *message)
{
	if (!is_fine)
		fl_bug(message);
}

/*
 * See that a page of a file is in the cache and up to date.
 * Context: boot.
 */
static void __init load_cached_page(struct inode *inode, pgoff_t index)
{
	struct address_space *mapping = inode->i_mapping;
	struct page *page;

	if (radix_tree_lookup(&mapping->page_tree, index))
		return;
	page = page_cache_alloc_cold(mapping);
	boot_check(page != NULL, "out of memory while loading a cached page");
	boot_check(add_to_page_cache_lru(page, mapping, index, GFP_KERNEL) == 0,
		   "out of memory while adding a cached page");
	fl_disk_load(inode->sector + index * (PAGE_SIZE / 512), page_to_phys(page));
	SetPageUptodate(page);
	unlock_page(page);
	page_cache_release(page);
}

/* Make a file and load what is cached of it. Context: boot. */
static struct inode *__init boot_file(const struct fl_file *source)
{
	struct inode *inode = new_inode(source->name, source->bytes, source->sector);
	u32 i;

	boot_check(inode != NULL, "out of memory while making a file");
	if (source->asks_to_write)
		inode->i_fop = &flatfs_asking_operations;
	inode->holes = source->holes;
	inode->nr_holes = source->nr_holes;
	for (i = 0; i < source->nr_cached; i++)
		load_cached_page(inode, source->cached[i]);
	for (i = 0; i < source->nr_dirty; i++)
		set_page_dirty(radix_tree_lookup(&inode->i_mapping->page_tree, source->dirty[i]));
	return inode;
}

/*
 * Map every page of a VMA by taking the faults ahead of time.
 * Context: boot; mmap_sem held for reading.
 */
static void __init populate_vma(struct vm_area_struct *vma, unsigned int flags)
{
	unsigned long address;

	for (address = vma->vm_start; address < vma->vm_end; address += PAGE_SIZE) {
		int fault;

		if (vma->vm_file)
			load_cached_page(vma->vm_file->f_mapping->host,
					 linear_page_index(vma, address));
		fault = handle_mm_fault(vma->vm_mm, vma, address, flags);
		boot_check((fault & VM_FAULT_ERROR) == 0, "a page cannot be populated");
	}
}

/*
 * Fill anonymous memory with the first content that the table gives, whether the
 * program may write there or not.
 * Context: boot; mmap_sem held for reading.
 */
static void __init fill_vma(struct vm_area_struct *vma, const u8 *image, u32 bytes)
{
	unsigned long vm_flags = vma->vm_flags;
	u32 offset;

	vma->vm_flags |= VM_WRITE;
	populate_vma(vma, FAULT_FLAG_WRITE);
	vma->vm_flags = vm_flags;

	for (offset = 0; offset < bytes; offset += PAGE_SIZE) {
		struct page *page = follow_page(vma, vma->vm_start + offset, 0);
		size_t part = min_t(u32, bytes - offset, PAGE_SIZE);

		memcpy(page_address(page), image + offset, part);
	}
	if (!(vm_flags & VM_WRITE)) {
		unsigned long address;

		for (address = vma->vm_start; address < vma->vm_end; address += PAGE_SIZE) {
			pmd_t *pmd = (pmd_t *)pgd_offset(vma->vm_mm, address);

			ptep_set_wrprotect(vma->vm_mm, address, pte_offset_map(pmd, address));
		}
	}
}

/* Map one range of a process. Context: boot; takes mmap_sem and drops it. */
static void __init boot_map(struct mm_struct *mm, const struct fl_map *map,
			    struct files_struct *files)
{
	struct file *file = map->file >= 0 ? files->fd[FIRST_FD + map->file] : NULL;
	unsigned long flags = map->flags | MAP_FIXED | (file ? 0 : MAP_ANONYMOUS);
	struct vm_area_struct *vma;
	unsigned long start;

	down_write(&mm->mmap_sem);
	start = do_mmap_pgoff(file, map->start, map->bytes, map->prot, flags, map->pgoff);
	boot_check(start == map->start, "a range of the scenario cannot be mapped");
	vma = find_vma(mm, start);
	if (map->advice == FL_ADVICE_RANDOM)
		vma->vm_flags |= VM_RAND_READ;
	else if (map->advice == FL_ADVICE_SEQUENTIAL)
		vma->vm_flags |= VM_SEQ_READ;
	downgrade_write(&mm->mmap_sem);
	if (map->image)
		fill_vma(vma, map->image, map->image_bytes);
	else if (map->populate)
		populate_vma(vma, vma->vm_flags & VM_WRITE ? FAULT_FLAG_WRITE : 0);
	up_read(&mm->mmap_sem);
}

/*
 * The heap of a process starts empty, behind its programs and whatever else lies below the
 * place of ordinary mappings.
 * Context: boot.
 */
static void __init place_heap(struct mm_struct *mm)
{
	struct vm_area_struct *vma;

	for (vma = mm->mmap; vma && vma->vm_end <= TASK_UNMAPPED_BASE; vma = vma->vm_next)
		mm->start_brk = vma->vm_end + PAGE_SIZE;
	mm->brk = mm->start_brk;
}

/* The limits of a process: the usual ones and what the table says. Context: boot. */
static void __init boot_limits(struct signal_struct *signal, const struct fl_process *source)
{
	init_rlimits(signal);
	if (source->stack_limit)
		signal->rlim[RLIMIT_STACK].rlim_cur = source->stack_limit;
	if (source->as_limit)
		signal->rlim[RLIMIT_AS].rlim_cur = source->as_limit;
}

/* Make a process: its open files, its limits and its mappings. Context: boot. */
static void __init boot_process(struct boot_process *process, const struct fl_process *source,
				struct inode **inodes, u32 nr_files)
{
	u32 i;

	process->mm = mm_alloc();
	process->files = kzalloc(sizeof(*process->files), GFP_KERNEL);
	process->signal = kzalloc(sizeof(*process->signal), GFP_KERNEL);
	boot_check(process->mm && process->files && process->signal,
		   "out of memory while making a process");
	process->mm->name = source->name;
	boot_limits(process->signal, source);
	boot_check(nr_files + FIRST_FD <= FL_MAX_FILES, "the scenario has too many files");
	for (i = 0; i < nr_files; i++) {
		struct file *file = open_inode(inodes[i], FMODE_READ | FMODE_WRITE);

		boot_check(file != NULL, "out of memory while opening a file");
		process->files->fd[FIRST_FD + i] = file;
	}

	current->mm = process->mm;
	current->signal = process->signal;
	for (i = 0; i < source->nr_maps; i++)
		boot_map(process->mm, &source->maps[i], process->files);
	place_heap(process->mm);
	sync_mm_rss(current, process->mm);
	current->signal = NULL;
	current->mm = NULL;
}

/* The registers with which a task enters user mode for the first time. Context: boot. */
static void __init start_thread(struct pt_regs *regs, const struct fl_task *source)
{
	memset(regs, 0, sizeof(*regs));
	regs->ip = source->ip;
	regs->sp = source->sp;
	regs->ax = source->ax;
	regs->bx = source->bx;
	regs->cx = source->cx;
	regs->dx = source->dx;
	regs->si = source->si;
	regs->di = source->di;
	regs->cs = __USER_CS;
	regs->ss = __USER_DS;
	regs->ds = __USER_DS;
	regs->es = __USER_DS;
	regs->orig_ax = (unsigned long)-1;
	regs->flags = X86_EFLAGS_IF;
}

/* Make a task; the machine starts it when the scenario says so. Context: boot. */
static void __init boot_task(struct task_struct *task, u32 index, const struct fl_task *source,
			     struct boot_process *process)
{
	strlcpy(task->comm, source->name, TASK_COMM_LEN);
	task->state = TASK_RUNNING;
	task->pid = (pid_t)(FIRST_PID + index);
	if (!process->tgid)
		process->tgid = task->pid;
	task->tgid = process->tgid;
	atomic_set(&task->usage, 2);
	spin_lock_init(&task->pi_lock);
	spin_lock_init(&task->alloc_lock);

	/* The first task takes over the mm's one user, the others are new users. */
	if (atomic_add_return(1, &process->signal->live) > 1)
		atomic_inc(&process->mm->mm_users);
	task->mm = process->mm;
	task->active_mm = process->mm;
	task->files = process->files;
	task->signal = process->signal;
	list_add_tail(&task->tasks, &all_tasks);

	start_thread(task_pt_regs(task), source);
	fl_task_create((int)index, (unsigned long)task, (unsigned long)task->stack, THREAD_SIZE,
		       __pa(process->mm->pgd));
}

/*
 * Make the kernel task of an event; the machine starts it when the scenario says so.
 * Context: boot.
 */
static void __init boot_event(struct task_struct *task, u32 index, const struct fl_event *event,
			      struct signal_struct *signal)
{
	strlcpy(task->comm, event->name, TASK_COMM_LEN);
	task->state = TASK_RUNNING;
	task->pid = (pid_t)(FIRST_PID + index);
	task->tgid = task->pid;
	atomic_set(&task->usage, 2);
	spin_lock_init(&task->pi_lock);
	task->signal = signal;
	task->thread_fn = run_event;
	task->thread_arg = event;
	list_add_tail(&task->tasks, &all_tasks);
	fl_task_create((int)index, (unsigned long)task, (unsigned long)task->stack, THREAD_SIZE,
		       __pa(swapper_pg_dir));
}

/*
 * Build what the scenario asks for. When this returns, the run begins.
 * Context: boot, CPU 0, nothing else runs.
 */
void __init start_scenario(const struct fl_table *table)
{
	struct task_struct *tasks;
	struct boot_process *processes;
	struct inode **inodes;
	u32 nr_tasks = table->nr_tasks + table->nr_events;
	u32 i;

	mem_init(fl_kernel_end());
	sched_init(table->nr_cpus);
	/* No device is active yet, but what may sleep insists on interrupts. */
	local_irq_enable();
	boot_check(table->magic == FL_TABLE_MAGIC, "the boot table has the wrong format");

	tasks = alloc_bootmem(nr_tasks * sizeof(*tasks), 64);
	processes = alloc_bootmem(table->nr_processes * sizeof(*processes), 64);
	inodes = alloc_bootmem(table->nr_files * sizeof(*inodes), 64);
	for (i = 0; i < nr_tasks; i++)
		tasks[i].stack = alloc_bootmem(THREAD_SIZE, THREAD_SIZE);
	free_all_bootmem();

	disk_init(table->readahead_pages);
	for (i = 0; i < table->nr_files; i++)
		inodes[i] = boot_file(&table->files[i]);
	for (i = 0; i < table->nr_processes; i++)
		boot_process(&processes[i], &table->processes[i], inodes, table->nr_files);
	for (i = 0; i < table->nr_tasks; i++)
		boot_task(&tasks[i], i, &table->tasks[i], &processes[table->tasks[i].process]);
	events_init(inodes, tasks);
	for (i = 0; i < table->nr_events; i++)
		boot_event(&tasks[table->nr_tasks + i], table->nr_tasks + i, &table->events[i],
			   &kernel_signal);

	/* The counters begin with the story. */
	memset(vm_event_states, 0, sizeof(vm_event_states));
	memset(perf_sw_counts, 0, sizeof(perf_sw_counts));
}
