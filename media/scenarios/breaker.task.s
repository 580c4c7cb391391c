# SPDX-License-Identifier: GPL-2.0-only
#
# breaker: loads a byte of the file, says that the memory behind it is broken, and loads it
# again.

        movzbl  data + 0x123, %edx      # byte = data[0x123];  <- a page fault
        movl    $219, %eax              # error = madvise(
        movl    $data, %ebx             #     data,
        movl    $4096, %ecx             #     4096,
        movl    $100, %edx              #     MADV_HWPOISON
        int     $0x80                   # );
        movl    %eax, %ecx
        movzbl  data + 0x123, %ebx      # exit(data[0x123]);  <- a page fault
        movl    $1, %eax
        int     $0x80
