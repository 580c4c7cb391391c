# SPDX-License-Identifier: GPL-2.0-only
#
# unmapper: removes the whole mapping, whoever may be waiting for a page of it. Exits with
# 0 if that worked.

        movl    $91, %eax               # error = munmap(
        movl    $data, %ebx             #         data,
        movl    $data_end, %ecx
        subl    $data, %ecx             #         sizeof(data)
        int     $0x80                   #     );
        movl    %eax, %ebx
        movl    $1, %eax                # exit(error);
        int     $0x80
