# SPDX-License-Identifier: GPL-2.0-only
#
# access: loads the byte at the address that the scenario gives. Exits with 0 if it can.

        movzbl  (%eax), %edx            # byte = *address;  <- the page fault
        xorl    %ebx, %ebx              # exit(0);
        movl    $1, %eax
        int     $0x80
