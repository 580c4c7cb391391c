/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NON-KERNEL: the file system of this machine. Every file lies in one piece on the
 * disk, so a place in the file gives the place on the disk without reading any map.
 * It stands for ext2 with all its indirect blocks in memory.
 */
#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mpage.h>
#include <linux/pagemap.h>

/* The first sector of a page, or SECTOR_HOLE if the page is not on the disk. Context: any. */
//@ plumbing
static sector_t flatfs_get_block(struct inode *inode, pgoff_t index)
{
	u32 i;

	for (i = 0; i < inode->nr_holes && inode->holes[i] <= index; i++)
		if (inode->holes[i] == index)
			return SECTOR_HOLE;
	return inode->sector + index * (PAGE_CACHE_SIZE / 512);
}

/* Start reading one page. Context: may sleep; page lock held, unlocked when done. */
static int flatfs_readpage(struct file *file, struct page *page)
{
	(void)file;
	return mpage_readpage(page, flatfs_get_block);
}

/* Start reading new pages. Context: may sleep for memory. */
static int flatfs_readpages(struct file *file, struct address_space *mapping,
			    struct list_head *pages, unsigned int nr_pages)
{
	(void)file;
	return mpage_readpages(mapping, pages, nr_pages, flatfs_get_block);
}

const struct address_space_operations flatfs_aops = {
	.readpage = flatfs_readpage,
	.readpages = flatfs_readpages,
	.sync_page = block_sync_page,
};

/*
 * A page of a shared mapping is about to be written to for the first time. A file system
 * that chooses the place on the disk late makes sure here that there is one; this one has
 * a place for every page, and only checks that the page is still the file's.
 * Context: mmap_sem held for reading; sleeps. Page lock held on VM_FAULT_LOCKED.
 */
static int flatfs_page_mkwrite(struct vm_area_struct *vma, struct vm_fault *vmf)
{
	struct inode *inode = vma->vm_file->f_mapping->host;
	struct page *page = vmf->page;

	//@ anchor page_mkwrite : The file system is asked
	lock_page(page);
	if (page->mapping != inode->i_mapping ||
	    ((loff_t)page->index << PAGE_CACHE_SHIFT) >= i_size_read(inode)) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;
	}
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct flatfs_asking_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = flatfs_page_mkwrite,
};

/* mmap() of a file whose file system wants to be asked. Context: mmap_sem held for writing. */
static int flatfs_asking_mmap(struct file *file, struct vm_area_struct *vma)
{
	(void)file;
	vma->vm_ops = &flatfs_asking_vm_ops;
	return 0;
}

const struct file_operations flatfs_asking_operations = {
	.mmap = flatfs_asking_mmap,
};
