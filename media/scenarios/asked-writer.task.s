# SPDX-License-Identifier: GPL-2.0-only
#
# asked-writer: stores a byte to a page that is not in memory; loads one of another page, and
# then stores one there.

        movb    $0x5a, data + 20 * 4096         # data[20][0] = 0x5a;   <- a page fault
        movzbl  data + 20 * 4096 + 1, %edx      # first = data[20][1];
        movzbl  data + 30 * 4096, %ecx          # second = data[30][0]; <- a page fault
        movb    $0x5b, data + 30 * 4096         # data[30][0] = 0x5b;   <- a page fault
        movzbl  data + 30 * 4096 + 1, %esi      # third = data[30][1];
        xorl    %ebx, %ebx              # exit(0);
        movl    $1, %eax
        int     $0x80
