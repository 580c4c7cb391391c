# SPDX-License-Identifier: GPL-2.0-only
#
# small-stack: limits its stack to 64 KiB and then uses 128 KiB of it.

        .equ    RLIMIT_STACK, 3

        movl    $75, %eax               # setrlimit(
        movl    $RLIMIT_STACK, %ebx     #     RLIMIT_STACK,
        movl    $limit, %ecx            #     &limit
        int     $0x80                   # );
        subl    $131072, %esp           # char room[131072];
        movb    $0x5a, (%esp)           # room[0] = 0x5a;  <- the page fault
        xorl    %ebx, %ebx              # exit(0);
        movl    $1, %eax
        int     $0x80

        .data
limit:
        .long   65536, 65536            # struct rlimit limit = { 65536, 65536 };
