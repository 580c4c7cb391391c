/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Blocks of memory and strings. Copying and filling is the machine's; the rest is plain loops.
 */
#include <stdlib.h>
#include <string.h>

#include "machine.h"

void *memcpy(void *to, const void *from, size_t bytes)
{
	return fl_memcpy(to, from, bytes);
}

void *memmove(void *to, const void *from, size_t bytes)
{
	return fl_memcpy(to, from, bytes);
}

void *memset(void *to, int byte, size_t bytes)
{
	return fl_memset(to, byte, bytes);
}

int memcmp(const void *one, const void *other, size_t bytes)
{
	const unsigned char *a = one;
	const unsigned char *b = other;

	for (; bytes > 0; bytes--, a++, b++) {
		if (*a != *b)
			return *a < *b ? -1 : 1;
	}
	return 0;
}

void *memchr(const void *block, int byte, size_t bytes)
{
	const unsigned char *at = block;

	for (; bytes > 0; bytes--, at++) {
		if (*at == (unsigned char)byte)
			return (void *)at;
	}
	return NULL;
}

size_t strlen(const char *text)
{
	const char *end = text;

	while (*end)
		end++;
	return end - text;
}

size_t strnlen(const char *text, size_t limit)
{
	size_t length = 0;

	while (length < limit && text[length])
		length++;
	return length;
}

char *strcpy(char *to, const char *from)
{
	fl_memcpy(to, from, strlen(from) + 1);
	return to;
}

char *strncpy(char *to, const char *from, size_t bytes)
{
	size_t length = strnlen(from, bytes);

	fl_memcpy(to, from, length);
	fl_memset(to + length, 0, bytes - length);
	return to;
}

char *strcat(char *to, const char *from)
{
	strcpy(to + strlen(to), from);
	return to;
}

char *strncat(char *to, const char *from, size_t limit)
{
	size_t length = strnlen(from, limit);
	char *end = to + strlen(to);

	fl_memcpy(end, from, length);
	end[length] = '\0';
	return to;
}

int strcmp(const char *one, const char *other)
{
	while (*one && *one == *other) {
		one++;
		other++;
	}
	return (*(unsigned char *)one > *(unsigned char *)other) -
	       (*(unsigned char *)one < *(unsigned char *)other);
}

int strncmp(const char *one, const char *other, size_t limit)
{
	for (; limit > 0; limit--, one++, other++) {
		if (*one != *other)
			return *(unsigned char *)one < *(unsigned char *)other ? -1 : 1;
		if (!*one)
			break;
	}
	return 0;
}

char *strchr(const char *text, int c)
{
	for (;; text++) {
		if (*text == (char)c)
			return (char *)text;
		if (!*text)
			return NULL;
	}
}

char *strrchr(const char *text, int c)
{
	const char *found = NULL;

	for (;; text++) {
		if (*text == (char)c)
			found = text;
		if (!*text)
			return (char *)found;
	}
}

char *strstr(const char *text, const char *part)
{
	size_t length = strlen(part);

	for (;; text++) {
		if (strncmp(text, part, length) == 0)
			return (char *)text;
		if (!*text)
			return NULL;
	}
}

size_t strspn(const char *text, const char *accepted)
{
	size_t length = 0;

	while (text[length] && strchr(accepted, text[length]))
		length++;
	return length;
}

size_t strcspn(const char *text, const char *rejected)
{
	size_t length = 0;

	while (text[length] && !strchr(rejected, text[length]))
		length++;
	return length;
}

char *strpbrk(const char *text, const char *accepted)
{
	text += strcspn(text, accepted);
	return *text ? (char *)text : NULL;
}

char *strtok_r(char *text, const char *separators, char **rest)
{
	char *start = text ? text : *rest;
	char *end;

	start += strspn(start, separators);
	end = start + strcspn(start, separators);
	*rest = *end ? end + 1 : end;
	if (end == start)
		return NULL;
	*end = '\0';
	return start;
}

char *strtok(char *text, const char *separators)
{
	static char *rest = "";

	return strtok_r(text, separators, &rest);
}

char *strndup(const char *text, size_t limit)
{
	size_t length = strnlen(text, limit);
	char *copy = malloc(length + 1);

	if (copy) {
		fl_memcpy(copy, text, length);
		copy[length] = '\0';
	}
	return copy;
}

char *strdup(const char *text)
{
	return strndup(text, strlen(text));
}
