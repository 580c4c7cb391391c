# SPDX-License-Identifier: GPL-2.0-only
#
# read-into-mapping: reads 200 bytes of the first file into a mapping of the second one. Exits
# with 0 if all of them came.

        movl    $3, %eax                # got = read(
        movl    $3, %ebx                #     source,
        movl    $buffer + 100, %ecx     #     buffer + 100,
        movl    $200, %edx              #     200
        int     $0x80                   # );
        movl    %eax, %ebx
        subl    $200, %ebx
        movzbl  buffer + 100, %edx      # first = buffer[100];   from the first file
        movzbl  buffer + 299, %ecx      # last = buffer[299];    from the first file
        movzbl  buffer + 300, %esi      # after = buffer[300];   from the second file
        movl    $1, %eax                # exit(got - 200);
        int     $0x80
