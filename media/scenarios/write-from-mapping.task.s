# SPDX-License-Identifier: GPL-2.0-only
#
# write-from-mapping: writes 300 bytes of a mapping of the first file to the second file, and
# looks at what is there now through a mapping of it. Exits with 0 if all of them went.

        movl    $4, %eax                # put = write(
        movl    $4, %ebx                #     copy,
        movl    $data + 0x123, %ecx     #     data + 0x123,
        movl    $300, %edx              #     300
        int     $0x80                   # );
        movl    %eax, %ebx
        subl    $300, %ebx
        movzbl  copy, %edx              # first = copy[0];      from the first file
        movzbl  copy + 299, %ecx        # last = copy[299];     from the first file
        movzbl  copy + 300, %esi        # after = copy[300];    as it was
        movl    $1, %eax                # exit(put - 300);
        int     $0x80
