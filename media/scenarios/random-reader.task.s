# SPDX-License-Identifier: GPL-2.0-only
#
# random-reader: loads one byte each of random pages, for ever. hitPercent of a hundred loads
# go to the pages `hot`, which are in memory, the others to the pages `data`, which are not.
# It starts with its number, so that several of them read different pages.

        movl    %eax, %ecx                    # random = number;
iteration:                                    # for (;;) {
        imull   $1664525, %ecx, %ecx          #     random = 1664525 * random
        addl    $1013904223, %ecx             #         + 1013904223;
        movl    %ecx, %eax                    #     page = random >> 14;
        shrl    $14, %eax
        movl    %ecx, %edx                    #     chance = (random >> 7 & 0x3fff) * 100 >> 14;
        shrl    $7, %edx
        andl    $0x3fff, %edx
        imull   $100, %edx, %edx
        shrl    $14, %edx
        cmpl    $hitPercent, %edx             #     if (chance < hitPercent)
        jb      hit                           #         goto hit;
        shll    $12, %eax
        movzbl  data(%eax), %ebx              #     byte = data[page * 4096];  <- the page fault
        jmp     iteration                     #     continue;
hit:
        andl    $255, %eax                    #     byte = hot[page % 256 * 4096];
        shll    $12, %eax
        movzbl  hot(%eax), %ebx
        jmp     iteration                     # }
