# SPDX-License-Identifier: GPL-2.0-only
#
# random-reader: loads one byte each of pages in an order without pattern, for ever. Every
# page is touched once before the first one comes again.

        xorl    %ecx, %ecx                    # page = 0;
iteration:                                    # for (;;) {
        movl    %ecx, %eax
        shll    $12, %eax
        movzbl  data(%eax), %ebx              #     byte = data[page * 4096];
        leal    1(%ecx, %ecx, 4), %ecx        #     page = (5 * page + 1) % 512;
        andl    $511, %ecx
        jmp     iteration                     # }
