# SPDX-License-Identifier: GPL-2.0-only
#
# room-reader: reads 4 bytes of the file
# into a page of its own that it has never used. Exits with 0 if they came.

        movl    $3, %eax                # got = read(
        movl    $3, %ebx                #     file,
        movl    $room, %ecx             #     room,
        movl    $4, %edx                #     4
        int     $0x80                   # );
        movl    %eax, %ebx
        subl    $4, %ebx
        movzbl  room, %edx              # byte = room[0];
        movl    $1, %eax                # exit(got - 4);
        int     $0x80
