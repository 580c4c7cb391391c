# SPDX-License-Identifier: GPL-2.0-only
#
# grow-stack: stores a byte as far below the stack pointer as the scenario says, and loads it
# again. Exits with 0 if it can.

        movl    %esp, %esi              # p = sp - distance;
        subl    %eax, %esi
        movb    $0x5a, (%esi)           # *p = 0x5a;  <- the page fault
        movzbl  (%esi), %edx            # byte = *p;
        xorl    %ebx, %ebx              # exit(0);
        movl    $1, %eax
        int     $0x80
