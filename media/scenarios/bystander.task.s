# SPDX-License-Identifier: GPL-2.0-only
#
# bystander: loads one byte of another page of the same file and exits with it as its
# status. That page is in memory already, but not mapped yet: a page fault that needs
# no disk, only mmap_sem for reading.

        movl    $data + 40 * 4096 + 0x456, %esi   # p = data + 40 * 4096 + 0x456;
load:
        movzbl  (%esi), %ebx                      # byte = *p;  <- a short page fault
        movl    $1, %eax                          # exit(byte);
        int     $0x80
