# SPDX-License-Identifier: GPL-2.0-only
#
# map-loop: maps a page of memory and unmaps it, for ever. Exits with 1 if that fails.

iteration:                              # for (;;) {
        movl    $192, %eax              #     p = mmap2(
        xorl    %ebx, %ebx              #             NULL,
        movl    $4096, %ecx             #             4096,
        movl    $3, %edx                #             PROT_READ | PROT_WRITE,
        movl    $0x22, %esi             #             MAP_PRIVATE | MAP_ANONYMOUS,
        movl    $-1, %edi               #             -1,
        xorl    %ebp, %ebp              #             0
        int     $0x80                   #         );
        cmpl    $-4096, %eax            #     if ((unsigned)p > -4096u)
        ja      failed                  #         goto failed;
        movl    %eax, %ebx              #     error = munmap(p, 4096);
        movl    $4096, %ecx
        movl    $91, %eax
        int     $0x80
        testl   %eax, %eax              #     if (error == 0)
        je      iteration               #         continue;
failed:                                 # }
        movl    $1, %ebx                # exit(1);
        movl    $1, %eax
        int     $0x80
