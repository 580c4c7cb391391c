/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory and strings. The machine does the copying; see include/faultline/machine.h. */
#include <linux/kernel.h>

/* Copy bytes. Context: any. */
//@ plumbing
void *memcpy(void *to, const void *from, size_t bytes)
{
	return fl_memcpy(to, from, bytes);
}

/* Fill bytes. Context: any. */
//@ plumbing
void *memset(void *to, int byte, size_t bytes)
{
	return fl_memset(to, byte, bytes);
}

/* Length of a string without its end. Context: any. */
//@ plumbing
size_t strlen(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}

/* Copy a string, cut to fit; the copy always has an end. Context: any. */
//@ plumbing
void strlcpy(char *to, const char *from, size_t size)
{
	size_t i;

	for (i = 0; i + 1 < size && from[i]; i++)
		to[i] = from[i];
	to[i] = '\0';
}
