# SPDX-License-Identifier: GPL-2.0-only
#
# dos-screen: runs a piece of a "DOS program" in virtual 8086 mode, which draws on page 3 of
# the screen, and exits with the pages of the screen that were touched, one bit for each.

        .equ    VM86_SCREEN_BITMAP, 1

        movl    $dos, regs_eip          # v86.regs.eip = dos;
        movl    %esp, regs_esp          # v86.regs.esp = sp;
        movl    $113, %eax              # reason = vm86old(
        movl    $v86, %ebx              #     &v86
        int     $0x80                   # );
        movl    %eax, %ecx
        movl    regs_ebx, %edx          # byte = v86.regs.ebx;
        movzbl  screen_bitmap, %ebx     # exit(v86.screen_bitmap);
        movl    $1, %eax
        int     $0x80

dos:                                    # In virtual 8086 mode:
        movb    $0x41, screen + 3 * 4096 + 8    # screen[3][8] = 'A';  <- the page fault
        movzbl  screen + 3 * 4096 + 9, %ebx     # byte = screen[3][9];
        int     $0x80                   # back to the caller

        .data
v86:                                    # struct vm86_struct v86 = {
regs_ebx:
        .long   0                       #     .regs.ebx = 0,
        .space  44
regs_eip:
        .long   0                       #     .regs.eip, .cs, .eflags,
        .space  8
regs_esp:
        .long   0                       #     .regs.esp, .ss, .es to .gs
        .space  20
        .long   VM86_SCREEN_BITMAP      #     .flags = VM86_SCREEN_BITMAP,
screen_bitmap:
        .long   0                       #     .screen_bitmap = 0,
        .long   0                       #     .cpu_type = 0
                                        # };
