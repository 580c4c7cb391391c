# SPDX-License-Identifier: GPL-2.0-only
#
# memory-hog: asks for 8 MiB and stores to every page of them, more than the machine has.

        movl    $192, %eax              # p = mmap2(
        xorl    %ebx, %ebx              #     NULL,
        movl    $8388608, %ecx          #     8388608,
        movl    $3, %edx                #     PROT_READ | PROT_WRITE,
        movl    $0x22, %esi             #     MAP_PRIVATE | MAP_ANONYMOUS,
        movl    $-1, %edi               #     -1,
        xorl    %ebp, %ebp              #     0
        int     $0x80                   # );
        movl    $2048, %ecx             # for (n = 2048; n > 0; n--) {
iteration:
        movb    $0x5a, (%eax)           #     *p = 0x5a;  <- a page fault
        addl    $4096, %eax             #     p += 4096;
        decl    %ecx
        jne     iteration               # }
        xorl    %ebx, %ebx              # exit(0);
        movl    $1, %eax
        int     $0x80
