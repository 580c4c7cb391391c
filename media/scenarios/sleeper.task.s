# SPDX-License-Identifier: GPL-2.0-only
#
# sleeper: sleeps for 30 ms, then loads one byte of the file and exits with 0.

        movl    $162, %eax              # nanosleep(
        movl    $time, %ebx             #     &time,
        xorl    %ecx, %ecx              #     NULL
        int     $0x80                   # );
        movzbl  data + 0x123, %edx      # byte = data[0x123];
        xorl    %ebx, %ebx              # exit(0);
        movl    $1, %eax
        int     $0x80

        .data
time:
        .long   0, 30000000             # struct timespec time = { 0, 30000000 };
