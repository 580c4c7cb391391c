# SPDX-License-Identifier: GPL-2.0-only
#
# protector: takes all rights to the mapping away, whoever may be waiting for a page of it.
# Exits with 0 if that worked.

        movl    $125, %eax              # error = mprotect(
        movl    $data, %ebx             #     data,
        movl    $data_end, %ecx
        subl    $data, %ecx             #     sizeof(data),
        xorl    %edx, %edx              #     PROT_NONE
        int     $0x80                   # );
        movl    %eax, %ebx
        movl    $1, %eax                # exit(error);
        int     $0x80
