# SPDX-License-Identifier: GPL-2.0-only
#
# read-to-address: reads 16 bytes of the first file to the address that the scenario gives.
# Exits with the number of the error: 14 is EFAULT.

        movl    %eax, %ecx              # error = read(
        movl    $3, %eax
        movl    $3, %ebx                #     file,
        movl    $16, %edx               #     address, 16
        int     $0x80                   # );
        negl    %eax
        movl    %eax, %ebx              # exit(-error);
        movl    $1, %eax
        int     $0x80
