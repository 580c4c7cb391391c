/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Address spaces: finding, making, splitting and removing VMAs.
 *
 * The VMAs of an mm form a list sorted by address. Linux 2.6.36 has a red-black tree
 * beside it for speed; here find_vma() walks the list, with the same results. All of
 * it is guarded by mmap_sem: held for reading to look, for writing to change.
 *
 * Source: mm/mmap.c of Linux 2.6.36. Cut: mlock, overcommit, executable counting, and
 * MAP_SHARED of anonymous memory (which needs a file system in memory).
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/resource.h>
#include <linux/rmap.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>

/* Private pages start read-only, so that the first write is noticed and copied. */
pgprot_t protection_map[16] = {
	/* private:  ---        r--            -w-        rw- */
	PAGE_NONE, PAGE_READONLY, PAGE_COPY, PAGE_COPY,
	/* and with x */
	PAGE_READONLY, PAGE_READONLY, PAGE_COPY, PAGE_COPY,
	/* shared */
	PAGE_NONE, PAGE_READONLY, PAGE_SHARED, PAGE_SHARED,
	PAGE_READONLY, PAGE_READONLY, PAGE_SHARED, PAGE_SHARED,
};

/* The PTE bits for pages of a VMA with these flags. Context: any. */
//@ plumbing
pgprot_t vm_get_page_prot(unsigned long vm_flags)
{
	return protection_map[vm_flags & (VM_READ | VM_WRITE | VM_EXEC | VM_SHARED)];
}

/*
 * The first VMA that ends behind an address, or NULL. The address need not lie in
 * it: there may be a hole before it.
 * Context: mmap_sem held.
 */
//@ cost find_vma
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = mm->mmap_cache;

	//@ assert holds(&mm->mmap_sem) : VMAs are looked up without mmap_sem
	/* Often it is the same one as last time. */
	if (vma && vma->vm_start <= addr && addr < vma->vm_end) {
		//@ pin vma by &mm->mmap_sem
		return vma;
	}
	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		if (addr < vma->vm_end) {
			mm->mmap_cache = vma;
			break;
		}
	}
	//@ pin vma by &mm->mmap_sem
	return vma;
}

/* The last VMA that starts at or before an address, or NULL. Context: mmap_sem held. */
//@ plumbing
static struct vm_area_struct *find_vma_before(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *found = NULL;
	struct vm_area_struct *vma;

	for (vma = mm->mmap; vma && vma->vm_start <= addr; vma = vma->vm_next)
		found = vma;
	return found;
}

/* ---- the list of VMAs ---- */

/*
 * Put a VMA into the list and, if it maps a file, among the mappings of that file.
 * Context: mmap_sem held for writing; takes i_mmap_lock.
 */
static void vma_link(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *prev = find_vma_before(mm, vma->vm_start);

	vma->vm_prev = prev;
	vma->vm_next = prev ? prev->vm_next : mm->mmap;
	if (prev)
		prev->vm_next = vma;
	else
		mm->mmap = vma;
	if (vma->vm_next)
		vma->vm_next->vm_prev = vma;
	mm->map_count++;

	if (vma->vm_file) {
		struct address_space *mapping = vma->vm_file->f_mapping;

		spin_lock(&mapping->i_mmap_lock);
		list_add_tail(&vma->shared, &mapping->i_mmap);
		spin_unlock(&mapping->i_mmap_lock);
	}
}

/*
 * Take a VMA out of both. It still exists.
 * Context: mmap_sem held for writing; takes i_mmap_lock.
 */
static void vma_unlink(struct mm_struct *mm, struct vm_area_struct *vma)
{
	if (vma->vm_prev)
		vma->vm_prev->vm_next = vma->vm_next;
	else
		mm->mmap = vma->vm_next;
	if (vma->vm_next)
		vma->vm_next->vm_prev = vma->vm_prev;
	mm->mmap_cache = NULL;
	mm->map_count--;

	if (vma->vm_file) {
		struct address_space *mapping = vma->vm_file->f_mapping;

		spin_lock(&mapping->i_mmap_lock);
		list_del(&vma->shared);
		spin_unlock(&mapping->i_mmap_lock);
	}
}

/*
 * Free a VMA that is in no list any more. Its memory is used again at once: nobody
 * may have kept a pointer to it past the end of his hold of mmap_sem.
 * Context: mmap_sem held for writing.
 */
static void remove_vma(struct vm_area_struct *vma)
{
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	if (vma->vm_file)
		fput(vma->vm_file);
	unlink_anon_vmas(vma);
	kfree(vma);
}

/*
 * Change the range of a VMA. Who looks for the mappings of a file does so under
 * i_mmap_lock only, without mmap_sem, so the range of a file's VMA changes under it.
 * Context: mmap_sem held for writing; takes i_mmap_lock.
 */
void vma_adjust(struct vm_area_struct *vma, unsigned long start, unsigned long end,
		unsigned long pgoff)
{
	spinlock_t *lock = vma->vm_file ? &vma->vm_file->f_mapping->i_mmap_lock : NULL;

	if (lock)
		spin_lock(lock);
	vma->vm_start = start;
	vma->vm_end = end;
	vma->vm_pgoff = pgoff;
	if (lock)
		spin_unlock(lock);
}

/* ---- merging and splitting ---- */

/*
 * Could two neighbors be one VMA? They must be of one piece: no gap in the addresses,
 * none in the file, and no difference in anything else.
 * Context: mmap_sem held.
 */
static int can_vma_merge(struct vm_area_struct *lower, struct vm_area_struct *upper)
{
	unsigned long pages = (lower->vm_end - lower->vm_start) >> PAGE_SHIFT;

	if (lower->vm_end != upper->vm_start || lower->vm_pgoff + pages != upper->vm_pgoff)
		return 0;
	if (lower->vm_flags != upper->vm_flags || lower->vm_file != upper->vm_file)
		return 0;
	if (lower->vm_ops && lower->vm_ops->close)
		return 0;
	return !lower->anon_vma || !upper->anon_vma || lower->anon_vma == upper->anon_vma;
}

/*
 * Join a VMA with its upper neighbor, which is freed.
 * Context: mmap_sem held for writing.
 */
static void vma_join(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *upper = vma->vm_next;

	if (!vma->anon_vma)
		anon_vma_clone(vma, upper);
	vma_adjust(vma, vma->vm_start, upper->vm_end, vma->vm_pgoff);
	vma_unlink(mm, upper);
	remove_vma(upper);
}

/*
 * Join a VMA with its neighbors, as far as that is possible. Returns what it is part of
 * now: the given VMA may be gone. NON-KERNEL: Linux tries to do without a new VMA first;
 * the result is the same.
 * Context: mmap_sem held for writing.
 */
struct vm_area_struct *vma_merge(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *prev = vma->vm_prev;

	if (vma->vm_next && can_vma_merge(vma, vma->vm_next))
		vma_join(mm, vma);
	if (prev && can_vma_merge(prev, vma)) {
		vma_join(mm, prev);
		vma = prev;
	}
	return vma;
}

/* ---- mmap ---- */

/*
 * May an address space have so many more pages? The limit is the running task's.
 * Context: mmap_sem held.
 */
int may_expand_vm(struct mm_struct *mm, unsigned long npages)
{
	return mm->total_vm + npages <= rlimit(RLIMIT_AS) >> PAGE_SHIFT;
}

/*
 * Does the kernel want to know of the first write to each page of a mapping? It does if
 * the file system is to be asked, and to count dirty pages: all files here are on a disk.
 * Context: mmap_sem held.
 */
int vma_wants_writenotify(struct vm_area_struct *vma)
{
	if ((vma->vm_flags & (VM_WRITE | VM_SHARED)) != (VM_WRITE | VM_SHARED))
		return 0;
	if (vma->vm_ops && vma->vm_ops->page_mkwrite)
		return 1;
	return vma->vm_file != NULL;
}

/*
 * The PTE bits for the pages of a VMA, from its flags. If writes are to be noticed, the
 * pages start read-only, as private ones do.
 * Context: mmap_sem held for writing.
 */
void vma_set_page_prot(struct vm_area_struct *vma)
{
	unsigned long vm_flags = vma->vm_flags;

	if (vma_wants_writenotify(vma))
		vm_flags &= ~VM_SHARED;
	vma->vm_page_prot = vm_get_page_prot(vm_flags);
}

/* MAP_ and PROT_ bits as VM_ bits; the low three of each agree. Context: any. */
//@ plumbing
static unsigned long calc_vm_bits(unsigned long prot, unsigned long flags)
{
	unsigned long vm_flags = prot & (PROT_READ | PROT_WRITE | PROT_EXEC);

	if (flags & MAP_GROWSDOWN)
		vm_flags |= VM_GROWSDOWN;
	return vm_flags | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
}

/*
 * A free range of addresses: at `addr` if that is wanted and free, else the first
 * gap from TASK_UNMAPPED_BASE upwards. A negative error number if there is none.
 * Context: mmap_sem held.
 */
unsigned long get_unmapped_area(unsigned long addr, unsigned long len, unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;

	if (len > TASK_SIZE)
		return (unsigned long)-ENOMEM;
	if (flags & MAP_FIXED) {
		if (addr > TASK_SIZE - len || (addr & ~PAGE_MASK))
			return (unsigned long)-EINVAL;
		return addr;
	}
	if (addr) {
		addr = PAGE_ALIGN(addr);
		vma = find_vma(mm, addr);
		if (addr <= TASK_SIZE - len && (!vma || addr + len <= vma->vm_start))
			return addr;
	}
	addr = TASK_UNMAPPED_BASE;
	for (vma = find_vma(mm, addr); addr <= TASK_SIZE - len; vma = vma->vm_next) {
		if (!vma || addr + len <= vma->vm_start)
			return addr;
		addr = vma->vm_end;
	}
	return (unsigned long)-ENOMEM;
}

/*
 * Make the VMA for a new mapping, after removing what lies there.
 * Context: mmap_sem held for writing; may sleep for memory.
 */
static unsigned long mmap_region(struct file *file, unsigned long addr, unsigned long len,
				 unsigned long vm_flags, unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma = find_vma(mm, addr);
	int error;

	if (vma && vma->vm_start < addr + len) {
		error = do_munmap(mm, addr, len);
		if (error)
			return (unsigned long)error;
	}
	if (!may_expand_vm(mm, len >> PAGE_SHIFT))
		return (unsigned long)-ENOMEM;

	vma = kzalloc(sizeof(*vma), GFP_KERNEL);
	if (!vma)
		return (unsigned long)-ENOMEM;
	vma->vm_mm = mm;
	vma->vm_start = addr;
	vma->vm_end = addr + len;
	vma->vm_flags = vm_flags;
	vma->vm_pgoff = pgoff;
	INIT_LIST_HEAD(&vma->shared);
	if (file) {
		vma->vm_file = file;
		get_file(file);
		error = file->f_op->mmap(file, vma);
		if (error) {
			fput(file);
			kfree(vma);
			return (unsigned long)error;
		}
	}
	vma_set_page_prot(vma);
	vma_link(mm, vma);
	vma_merge(mm, vma);
	mm->total_vm += len >> PAGE_SHIFT;
	if (vm_flags & VM_GROWSDOWN)
		mm->stack_vm += len >> PAGE_SHIFT;
	return addr;
}

/*
 * Map a file, or anonymous memory if there is none. Returns the address, or a
 * negative error number. `pgoff` is in pages.
 * Context: mmap_sem held for writing; may sleep for memory.
 */
//@ cost mmap_body
unsigned long do_mmap_pgoff(struct file *file, unsigned long addr, unsigned long len,
			    unsigned long prot, unsigned long flags, unsigned long pgoff)
{
	unsigned long vm_flags;

	if (!len)
		return (unsigned long)-EINVAL;
	len = PAGE_ALIGN(len);
	if (!len || len > TASK_SIZE)
		return (unsigned long)-ENOMEM;
	if (pgoff + (len >> PAGE_SHIFT) < pgoff)
		return (unsigned long)-EOVERFLOW;

	addr = get_unmapped_area(addr, len, flags);
	if (IS_ERR_VALUE(addr))
		return addr;

	vm_flags = calc_vm_bits(prot, flags);
	switch (flags & MAP_TYPE) {
	case MAP_SHARED:
		if (!file)
			return (unsigned long)-ENODEV;
		if ((prot & PROT_WRITE) && !(file->f_mode & FMODE_WRITE))
			return (unsigned long)-EACCES;
		vm_flags |= VM_SHARED | VM_MAYSHARE;
		if (!(file->f_mode & FMODE_WRITE))
			vm_flags &= ~(VM_MAYWRITE | VM_SHARED);
		break;
	case MAP_PRIVATE:
		break;
	default:
		return (unsigned long)-EINVAL;
	}
	if (file && !(file->f_mode & FMODE_READ))
		return (unsigned long)-EACCES;
	if (file && (!file->f_op || !file->f_op->mmap))
		return (unsigned long)-ENODEV;
	/* Pages without a file are named by their place, so that neighbors can be merged. */
	if (!file)
		pgoff = addr >> PAGE_SHIFT;

	return mmap_region(file, addr, len, vm_flags, pgoff);
}

/*
 * The system call mmap2: a file by its descriptor, or anonymous memory.
 * Context: system call; takes mmap_sem for writing and drops it.
 */
long sys_mmap_pgoff(unsigned long addr, unsigned long len, unsigned long prot,
		    unsigned long flags, unsigned long fd, unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	struct file *file = NULL;
	unsigned long retval;

	if (!(flags & MAP_ANONYMOUS)) {
		file = fget(fd);
		if (!file)
			return -EBADF;
	}
	//@ anchor mmap_lock
	down_write(&mm->mmap_sem);
	//@ anchor mmap_locked : mmap() holds mmap_sem for writing
	retval = do_mmap_pgoff(file, addr, len, prot, flags, pgoff);
	up_write(&mm->mmap_sem);
	if (file)
		fput(file);
	return (long)retval;
}

/* ---- munmap ---- */

/*
 * Split a VMA at an address into two. The given one keeps the lower part.
 * Context: mmap_sem held for writing; may sleep for memory.
 */
int split_vma(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_area_struct *upper = kmalloc(sizeof(*upper), GFP_KERNEL);

	if (!upper)
		return -ENOMEM;
	*upper = *vma;
	INIT_LIST_HEAD(&upper->shared);
	upper->vm_start = addr;
	upper->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	anon_vma_clone(upper, vma);
	if (upper->vm_file)
		get_file(upper->vm_file);
	if (upper->vm_ops && upper->vm_ops->open)
		upper->vm_ops->open(upper);
	vma_link(mm, upper);
	vma_adjust(vma, vma->vm_start, addr, vma->vm_pgoff);
	return 0;
}

/*
 * A second VMA like the given one, at another place: for mremap(). NULL without memory.
 * Context: mmap_sem held for writing; may sleep for memory.
 */
struct vm_area_struct *copy_vma(struct vm_area_struct *vma, unsigned long addr,
				unsigned long len, unsigned long pgoff)
{
	struct vm_area_struct *copy = kmalloc(sizeof(*copy), GFP_KERNEL);

	if (!copy)
		return NULL;
	*copy = *vma;
	INIT_LIST_HEAD(&copy->shared);
	copy->vm_start = addr;
	copy->vm_end = addr + len;
	copy->vm_pgoff = pgoff;
	anon_vma_clone(copy, vma);
	if (copy->vm_file)
		get_file(copy->vm_file);
	if (copy->vm_ops && copy->vm_ops->open)
		copy->vm_ops->open(copy);
	vma_link(vma->vm_mm, copy);
	return copy;
}

/*
 * Remove all mappings in a range: split the VMAs at its ends, take those inside out
 * of the list, clear their PTEs, free them.
 * Context: mmap_sem held for writing; may sleep for memory.
 */
//@ cost munmap_body
int do_munmap(struct mm_struct *mm, unsigned long start, size_t len)
{
	struct vm_area_struct *vma;
	unsigned long end;

	//@ assert holds_write(&mm->mmap_sem) : VMAs are changed without holding mmap_sem for writing
	if ((start & ~PAGE_MASK) || start > TASK_SIZE || len > TASK_SIZE - start)
		return -EINVAL;
	len = PAGE_ALIGN(len);
	if (len == 0)
		return -EINVAL;
	end = start + len;

	vma = find_vma(mm, start);
	if (!vma || vma->vm_start >= end)
		return 0;
	if (vma->vm_start < start) {
		int error = split_vma(mm, vma, start);

		if (error)
			return error;
		vma = vma->vm_next;
	}
	while (vma && vma->vm_start < end) {
		struct vm_area_struct *next;

		if (vma->vm_end > end) {
			int error = split_vma(mm, vma, end);

			if (error)
				return error;
		}
		next = vma->vm_next;
		vma_unlink(mm, vma);
		zap_page_range(vma, vma->vm_start, vma->vm_end);
		mm->total_vm -= (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
		remove_vma(vma);
		vma = next;
	}
	return 0;
}

/*
 * The system call munmap.
 * Context: system call; takes mmap_sem for writing and drops it.
 */
long sys_munmap(unsigned long addr, size_t len)
{
	struct mm_struct *mm = current->mm;
	int ret;

	//@ anchor munmap_lock
	down_write(&mm->mmap_sem);
	ret = do_munmap(mm, addr, len);
	up_write(&mm->mmap_sem);
	return ret;
}

/* ---- the heap ---- */

/*
 * Map anonymous memory at a place that is free.
 * Context: mmap_sem held for writing; may sleep for memory.
 */
//@ cost mmap_body
static unsigned long do_brk(unsigned long addr, unsigned long len)
{
	unsigned long vm_flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;

	return mmap_region(NULL, addr, len, vm_flags, addr >> PAGE_SHIFT);
}

/*
 * The system call brk: where the heap ends from now on. Returns where it does end; if that
 * is not what was asked for, it did not work.
 * Context: system call; takes mmap_sem for writing and drops it.
 */
long sys_brk(unsigned long brk)
{
	struct mm_struct *mm = current->mm;
	unsigned long oldbrk, newbrk, retval;

	down_write(&mm->mmap_sem);
	if (brk < mm->start_brk || brk > TASK_SIZE)
		goto out;
	if (brk - mm->start_brk > rlimit(RLIMIT_DATA))
		goto out;
	newbrk = PAGE_ALIGN(brk);
	oldbrk = PAGE_ALIGN(mm->brk);
	if (newbrk < oldbrk) {
		if (do_munmap(mm, newbrk, oldbrk - newbrk))
			goto out;
	} else if (newbrk > oldbrk) {
		struct vm_area_struct *next = find_vma(mm, oldbrk);

		/* Not into what is mapped behind it; one page stays free between them. */
		if (next && next->vm_start < newbrk + PAGE_SIZE)
			goto out;
		if (do_brk(oldbrk, newbrk - oldbrk) != oldbrk)
			goto out;
	}
	mm->brk = brk;
out:
	retval = mm->brk;
	up_write(&mm->mmap_sem);
	return (long)retval;
}

/* ---- stacks ---- */

/*
 * May a stack grow to `size` bytes, by `grow` pages? If so, the pages are counted. Linux
 * looks at mlock and overcommit, too; both are cut.
 * Context: mmap_sem held, the anon_vma's lock held.
 */
static int acct_stack_growth(struct vm_area_struct *vma, unsigned long size,
			     unsigned long grow)
{
	struct mm_struct *mm = vma->vm_mm;

	if (!may_expand_vm(mm, grow))
		return -ENOMEM;
	if (size > rlimit(RLIMIT_STACK))
		return -ENOMEM;
	mm->total_vm += grow;
	mm->stack_vm += grow;
	return 0;
}

/*
 * Grow a stack down to an address below it. Faults do this with mmap_sem held only for
 * reading, so the anon_vma's lock keeps two of them apart.
 * Context: mmap_sem held; takes the anon_vma's lock; may sleep for memory.
 */
static int expand_downwards(struct vm_area_struct *vma, unsigned long address)
{
	int error = 0;

	if (unlikely(anon_vma_prepare(vma)))
		return -ENOMEM;
	address &= PAGE_MASK;

	spin_lock(&vma->anon_vma->lock);
	/* Another task may have grown it already. */
	if (address < vma->vm_start) {
		unsigned long size = vma->vm_end - address;
		unsigned long grow = (vma->vm_start - address) >> PAGE_SHIFT;

		error = acct_stack_growth(vma, size, grow);
		if (!error) {
			//@ racy vma->vm_start : mmap_sem is held for reading only, and the anon_vma's lock keeps other growers out
			vma->vm_start = address;
			//@ racy vma->vm_pgoff : mmap_sem is held for reading only, and the anon_vma's lock keeps other growers out
			vma->vm_pgoff -= grow;
		}
	}
	spin_unlock(&vma->anon_vma->lock);
	return error;
}

/* Grow a stack; on x86 all of them grow down. Context: see expand_downwards(). */
//@ plumbing
int expand_stack(struct vm_area_struct *vma, unsigned long address)
{
	return expand_downwards(vma, address);
}

/*
 * The VMA of an address, after growing a stack down to it; NULL if there is none.
 * Context: mmap_sem held; may sleep for memory.
 */
struct vm_area_struct *find_extend_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = find_vma(mm, addr & PAGE_MASK);

	if (!vma || vma->vm_start <= (addr & PAGE_MASK))
		return vma;
	if (!(vma->vm_flags & VM_GROWSDOWN) || expand_stack(vma, addr))
		return NULL;
	return vma;
}

/*
 * Remove everything from an address space that nobody runs in any more.
 * Context: the last user is gone; may sleep.
 */
void exit_mmap(struct mm_struct *mm)
{
	while (mm->mmap) {
		struct vm_area_struct *vma = mm->mmap;

		vma_unlink(mm, vma);
		zap_page_range(vma, vma->vm_start, vma->vm_end);
		remove_vma(vma);
	}
	free_pgtables(mm);
}
