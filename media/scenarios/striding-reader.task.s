# SPDX-License-Identifier: GPL-2.0-only
#
# striding-reader: loads one byte each of `loads` pages, `stride` pages apart, from page
# `first` on. Exits with the last byte.

        movl    $loads, %ecx                  # left = loads;
        movl    $first, %edx                  # page = first;
iteration:                                    # do {
        movl    %edx, %eax
        shll    $12, %eax
        movzbl  data(%eax), %ebx              #     byte = data[page * 4096];
        addl    $stride, %edx                 #     page += stride;
        decl    %ecx                          # } while (--left);
        jnz     iteration
        movl    $1, %eax                      # exit(byte);
        int     $0x80
