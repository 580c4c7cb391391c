# SPDX-License-Identifier: GPL-2.0-only
#
# sequential-reader: loads the first byte of every page from the first to the last, and
# exits with the last byte.

        xorl    %ecx, %ecx                    # page = 0;
iteration:                                    # do {
        movl    %ecx, %eax
        shll    $12, %eax
        movzbl  data(%eax), %ebx              #     byte = data[page * 4096];
        incl    %ecx
        cmpl    $pages, %ecx                  # } while (++page < pages);
        jb      iteration
        movl    $1, %eax                      # exit(byte);
        int     $0x80
