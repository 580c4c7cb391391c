/**
 * The tags of the kernel's structs of which rooms above tell something special.
 */

export const TASK_STRUCT = 'task_struct';
export const MM_STRUCT = 'mm_struct';
export const VM_AREA_STRUCT = 'vm_area_struct';
export const RW_SEMAPHORE = 'rw_semaphore';
export const PAGE = 'page';
