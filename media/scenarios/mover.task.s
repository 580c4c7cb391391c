# SPDX-License-Identifier: GPL-2.0-only
#
# mover: loads a byte of the file, moves the mapping to 0x60000000, and loads the same byte and
# one of the next page there. Exits with 0 if the mapping is where it should be.

        movzbl  data + 20 * 4096 + 5, %edi      # before = data[20][5];  <- a page fault
        movl    $163, %eax              # place = mremap(
        movl    $data, %ebx             #     data,
        movl    $data_end, %ecx
        subl    $data, %ecx             #     sizeof(data),
        movl    %ecx, %edx              #     sizeof(data),
        movl    $3, %esi                #     MREMAP_MAYMOVE | MREMAP_FIXED,
        movl    %edi, %ebp
        movl    $0x60000000, %edi       #     0x60000000
        int     $0x80                   # );
        movl    %eax, %ebx
        subl    $0x60000000, %ebx
        movzbl  0x60000000 + 20 * 4096 + 5, %edx        # after = place[20][5];
        movzbl  0x60000000 + 21 * 4096 + 6, %ecx        # next = place[21][6];  <- a page fault
        movl    $1, %eax                # exit(place - 0x60000000);
        int     $0x80
