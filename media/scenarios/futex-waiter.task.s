# SPDX-License-Identifier: GPL-2.0-only
#
# futex-waiter: wants to sleep as long as a word of the file is 1, which it never is. Exits
# with the error: 11 is EAGAIN, the word has another value.

        movl    $240, %eax              # error = futex(
        movl    $data, %ebx             #     data,
        movl    $128, %ecx              #     FUTEX_WAIT | FUTEX_PRIVATE_FLAG,
        movl    $1, %edx                #     1
        xorl    %esi, %esi              #     no time limit
        int     $0x80                   # );
        negl    %eax
        movl    %eax, %ebx              # exit(-error);
        movzbl  data, %edx              # byte = data[0];
        movl    $1, %eax
        int     $0x80
