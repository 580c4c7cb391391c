# SPDX-License-Identifier: GPL-2.0-only
#
# error-then-read: writes a byte of a bad page to the second file, which the kernel refuses
# with EFAULT; then loads a byte of page 100 and exits with it.

        movl    $4, %eax                # error = -write(
        movl    $4, %ebx                #     out,
        movl    $data + bad * 4096, %ecx        # data + bad * 4096,  <- the kernel's page fault
        movl    $1, %edx                #     1
        int     $0x80                   # );
        negl    %eax
        movl    %eax, %edx
        movzbl  data + 100 * 4096, %ebx # exit(data[100 * 4096]);
        movl    $1, %eax
        int     $0x80
