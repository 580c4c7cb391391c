/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Address spaces: finding, making, splitting and removing VMAs.
 *
 * The VMAs of an mm form a list sorted by address. Linux 2.6.36 has a red-black tree
 * beside it for speed; here find_vma() walks the list, with the same results. All of
 * it is guarded by mmap_sem: held for reading to look, for writing to change.
 *
 * Source: mm/mmap.c of Linux 2.6.36. Cut: merging of neighbors, brk, mremap, mlock,
 * overcommit, limits other than the stack's, executable counting, and MAP_SHARED of
 * anonymous memory (which needs a file system in memory).
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mman.h>
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
	if (vma && vma->vm_start <= addr && addr < vma->vm_end)
		return vma;
	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		if (addr < vma->vm_end) {
			mm->mmap_cache = vma;
			break;
		}
	}
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
	kfree(vma->anon_vma);
	kfree(vma);
}

/* ---- mmap ---- */

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
static unsigned long get_unmapped_area(unsigned long addr, unsigned long len,
				       unsigned long flags)
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

	vma = kzalloc(sizeof(*vma), GFP_KERNEL);
	if (!vma)
		return (unsigned long)-ENOMEM;
	vma->vm_mm = mm;
	vma->vm_start = addr;
	vma->vm_end = addr + len;
	vma->vm_flags = vm_flags;
	vma->vm_page_prot = vm_get_page_prot(vm_flags);
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
	vma_link(mm, vma);
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
static int split_vma(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_area_struct *upper = kmalloc(sizeof(*upper), GFP_KERNEL);

	if (!upper)
		return -ENOMEM;
	*upper = *vma;
	INIT_LIST_HEAD(&upper->shared);
	upper->vm_start = addr;
	upper->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	upper->anon_vma = NULL;
	if (vma->anon_vma && anon_vma_prepare(upper)) {
		kfree(upper);
		return -ENOMEM;
	}
	if (upper->vm_file)
		get_file(upper->vm_file);
	if (upper->vm_ops && upper->vm_ops->open)
		upper->vm_ops->open(upper);
	vma->vm_end = addr;
	vma_link(mm, upper);
	return 0;
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

/*
 * The system call madvise, as far as readahead is concerned. The advice holds for
 * whole VMAs here; Linux would split them.
 * Context: system call; takes mmap_sem for writing and drops it.
 */
long sys_madvise(unsigned long start, size_t len, int behavior)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	unsigned long hint;

	switch (behavior) {
	case MADV_NORMAL:
		hint = 0;
		break;
	case MADV_RANDOM:
		hint = VM_RAND_READ;
		break;
	case MADV_SEQUENTIAL:
		hint = VM_SEQ_READ;
		break;
	default:
		return -EINVAL;
	}
	down_write(&mm->mmap_sem);
	for (vma = find_vma(mm, start); vma && vma->vm_start < start + len; vma = vma->vm_next)
		vma->vm_flags = (vma->vm_flags & ~(VM_RAND_READ | VM_SEQ_READ)) | hint;
	up_write(&mm->mmap_sem);
	return 0;
}

/* ---- stacks ---- */

/*
 * Grow a stack down to an address. Faults do this with mmap_sem held only for
 * reading, so the anon_vma's lock keeps two of them apart.
 * Context: mmap_sem held; takes the anon_vma's lock; may sleep for memory.
 */
int expand_stack(struct vm_area_struct *vma, unsigned long address)
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

		if (size > STACK_LIMIT) {
			error = -ENOMEM;
		} else if (vma->vm_prev && vma->vm_prev->vm_end > address) {
			error = -ENOMEM;
		} else {
			vma->vm_start = address;
			vma->vm_pgoff -= grow;
			vma->vm_mm->total_vm += grow;
			vma->vm_mm->stack_vm += grow;
		}
	}
	spin_unlock(&vma->anon_vma->lock);
	return error;
}

/*
 * The lowest page of a stack is its guard: an access to it grows the stack by one
 * more page, and fails if there is no room for that. 0 means that all is well.
 * Context: mmap_sem held for reading.
 */
unsigned long stack_guard_check(struct vm_area_struct *vma, unsigned long address)
{
	address &= PAGE_MASK;
	if ((vma->vm_flags & VM_GROWSDOWN) && address == vma->vm_start) {
		struct vm_area_struct *prev = vma->vm_prev;

		/* A stack that was split by mprotect or munmap has its own lower part there. */
		if (prev && prev->vm_end == address)
			return prev->vm_flags & VM_GROWSDOWN ? 0 : (unsigned long)-ENOMEM;
		return (unsigned long)expand_stack(vma, address - PAGE_SIZE);
	}
	return 0;
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
