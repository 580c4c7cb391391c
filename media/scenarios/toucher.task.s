# SPDX-License-Identifier: GPL-2.0-only
#
# toucher: loads one byte of the mapped file and exits with it as its status.
# The page is not in memory, so the load takes a page fault that reads the disk.

        movl    $data + 20 * 4096 + 0x123, %esi   # p = data + 20 * 4096 + 0x123;
load:
        movzbl  (%esi), %ebx                      # byte = *p;  <- the page fault
        movl    $1, %eax                          # exit(byte);
        int     $0x80
