# SPDX-License-Identifier: GPL-2.0-only
#
# scattered-reader: loads the first byte of every fourth page of a file of 512 pages and exits with
# the last one.

        xorl    %ecx, %ecx                    # page = 0;
next:                                         # do {
        movl    %ecx, %eax
        shll    $12, %eax
        movzbl  data(%eax), %ebx              #     byte = data[page * 4096];
        addl    $4, %ecx                      #     page += 4;
        cmpl    $512, %ecx
        jb      next                          # } while (page < 512);
        movl    $1, %eax                      # exit(byte);
        int     $0x80
