# SPDX-License-Identifier: GPL-2.0-only
#
# storer: stores 0x5a at the offset that the scenario gives, loads the byte behind it and
# exits with that one, which must still be the file's.

        movb    $0x5a, data(%eax)       # data[offset] = 0x5a;  <- the page fault
        movzbl  data+1(%eax), %ebx      # byte = data[offset + 1];
        movl    $1, %eax                # exit(byte);
        int     $0x80
