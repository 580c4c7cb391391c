# SPDX-License-Identifier: GPL-2.0-only
#
# heap-user: makes its heap two pages longer, loads from the first page, stores there, makes it
# read-only and writable again, and stores once more. Then it gives the heap back.

        movl    $45, %eax               # heap = brk(
        xorl    %ebx, %ebx              #     NULL
        int     $0x80                   # );
        movl    %eax, %edi
        leal    8192(%eax), %ebx        # brk(
        movl    $45, %eax               #     heap + 8192
        int     $0x80                   # );
        movzbl  (%edi), %ebp            # zero = heap[0];         <- a page fault
        movb    $0x5a, (%edi)           # heap[0] = 0x5a;         <- a page fault
        movl    $125, %eax              # mprotect(
        movl    %edi, %ebx              #     heap,
        movl    $4096, %ecx             #     4096,
        movl    $1, %edx                #     PROT_READ
        int     $0x80                   # );
        movl    $125, %eax              # mprotect(heap, 4096,
        movl    $3, %edx                #     PROT_READ | PROT_WRITE
        int     $0x80                   # );
        movb    $0x5b, 1(%edi)          # heap[1] = 0x5b;         <- a page fault
        movzbl  (%edi), %edx            # first = heap[0];
        movzbl  1(%edi), %ecx           # second = heap[1];
        movl    $45, %eax               # end = brk(
        movl    %edi, %ebx              #     heap
        int     $0x80                   # );
        subl    %edi, %eax
        movl    %eax, %ebx              # exit(end - heap);
        movl    $1, %eax
        int     $0x80
