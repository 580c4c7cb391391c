# SPDX-License-Identifier: GPL-2.0-only
#
# poke: stores 0x5a at the address that the scenario gives. Exits with 0 if it can.

        movb    $0x5a, (%eax)           # *address = 0x5a;  <- the page fault
        xorl    %ebx, %ebx              # exit(0);
        movl    $1, %eax
        int     $0x80
