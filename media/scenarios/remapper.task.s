# SPDX-License-Identifier: GPL-2.0-only
#
# remapper: maps the second file of the scenario (descriptor 4) over the whole mapping of
# the first. Exits with 0 if that worked.

        movl    $192, %eax              # p = mmap2(
        movl    $data, %ebx             #         data,
        movl    $data_end, %ecx
        subl    $data, %ecx             #         sizeof(data),
        movl    $1, %edx                #         PROT_READ,
        movl    $0x12, %esi             #         MAP_PRIVATE | MAP_FIXED,
        movl    $4, %edi                #         4,
        xorl    %ebp, %ebp              #         0
        int     $0x80                   #     );
        cmpl    $data, %eax             # failed = p != data;
        setne   %bl
        movzbl  %bl, %ebx
        movl    $1, %eax                # exit(failed);
        int     $0x80
