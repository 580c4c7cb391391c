# SPDX-License-Identifier: GPL-2.0-only
#
# read-then-write: loads a byte, stores another one over it, and loads the one behind it.

        movzbl  data(%eax), %edx        # before = data[offset];  <- a page fault
        movb    $0x5a, data(%eax)       # data[offset] = 0x5a;    <- a page fault
        movzbl  data + 1(%eax), %ecx    # behind = data[offset + 1];
        xorl    %ebx, %ebx              # exit(0);
        movl    $1, %eax
        int     $0x80
