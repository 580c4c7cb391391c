# SPDX-License-Identifier: GPL-2.0-only
#
# mapper: asks for 8 KiB of fresh memory. mmap() needs mmap_sem for writing, although
# it has nothing to do with the file. Exits with 0, or with 1 if there was no memory.

        movl    $192, %eax              # p = mmap2(
        xorl    %ebx, %ebx              #         NULL,
        movl    $8192, %ecx             #         8192,
        movl    $3, %edx                #         PROT_READ | PROT_WRITE,
        movl    $0x22, %esi             #         MAP_PRIVATE | MAP_ANONYMOUS,
        movl    $-1, %edi               #         -1,
        xorl    %ebp, %ebp              #         0
        int     $0x80                   #     );
        cmpl    $-4096, %eax            # failed = (unsigned)p > -4096u;
        seta    %bl
        movzbl  %bl, %ebx
        movl    $1, %eax                # exit(failed);
        int     $0x80
