# SPDX-License-Identifier: GPL-2.0-only
#
# peeker: looks at a word of the first task's memory, as a debugger does. Exits with 0 if that
# worked.

        .equ    PTRACE_PEEKDATA, 2
        .equ    SLEEPER, 100            # the number of the first task

        movl    $26, %eax               # error = ptrace(
        movl    $PTRACE_PEEKDATA, %ebx  #     PTRACE_PEEKDATA,
        movl    $SLEEPER, %ecx          #     sleeper,
        movl    $0x50000123, %edx       #     its data + 0x123,
        movl    $word, %esi             #     &word
        int     $0x80                   # );
        movl    %eax, %ebx
        movzbl  word, %edx              # byte = word & 0xff;
        movl    $1, %eax                # exit(error);
        int     $0x80

        .data
word:
        .long   0
