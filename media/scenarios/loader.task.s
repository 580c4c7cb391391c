# SPDX-License-Identifier: GPL-2.0-only
#
# loader: loads the byte at the offset that the scenario gives and exits with it.

        movzbl  data(%eax), %ebx        # byte = data[offset];  <- the page fault
        movl    $1, %eax                # exit(byte);
        int     $0x80
