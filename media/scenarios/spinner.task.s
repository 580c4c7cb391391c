# SPDX-License-Identifier: GPL-2.0-only
#
# spinner: does nothing, for ever, and never enters the kernel by itself.

spin:                                   # for (;;)
        jmp     spin                    #     ;
