/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <assert.h>: a check that ends the program when it fails. May be included again with another NDEBUG.
 */
#undef assert

#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
void __assert_fail(const char *condition, const char *file, unsigned int line, const char *function);
#define assert(condition) \
	((condition) ? (void)0 : __assert_fail(#condition, __FILE__, __LINE__, __func__))
#endif

#define static_assert _Static_assert
