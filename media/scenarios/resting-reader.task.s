# SPDX-License-Identifier: GPL-2.0-only
#
# resting-reader: loads the first byte of every page from the first to the last, but behind
# page `rest` it sleeps for 20 ms. Exits with the last byte.

        xorl    %esi, %esi              # page = 0;
iteration:                              # do {
        movl    %esi, %eax
        shll    $12, %eax
        movzbl  data(%eax), %edi        #     byte = data[page * 4096];
        cmpl    $rest, %esi
        jne     next                    #     if (page == rest)
        movl    $162, %eax              #         nanosleep(
        movl    $time, %ebx             #             &time,
        xorl    %ecx, %ecx              #             NULL
        int     $0x80                   #         );
next:
        incl    %esi
        cmpl    $pages, %esi            # } while (++page < pages);
        jb      iteration
        movl    %edi, %ebx              # exit(byte);
        movl    $1, %eax
        int     $0x80

        .data
time:
        .long   0, 20000000             # struct timespec time = { 0, 20000000 };
