# SPDX-License-Identifier: GPL-2.0-only
#
# poker: writes a word into the first task's memory, although that task may only read there,
# as a debugger does to set a breakpoint. Exits with 0 if that worked.

        .equ    PTRACE_POKEDATA, 5
        .equ    SLEEPER, 100            # the number of the first task

        movl    $26, %eax               # error = ptrace(
        movl    $PTRACE_POKEDATA, %ebx  #     PTRACE_POKEDATA,
        movl    $SLEEPER, %ecx          #     sleeper,
        movl    $0x50000123, %edx       #     its data + 0x123,
        movl    $0xcc, %esi             #     0xcc
        int     $0x80                   # );
        movl    %eax, %ebx
        movl    $1, %eax                # exit(error);
        int     $0x80
