/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sorting and searching.
 *
 * qsort is a merge sort: elements that compare equal keep their order, as in the C library of most
 * Linux systems. Without memory for the second half it falls back to insertion.
 */
#include <stdlib.h>
#include <string.h>

typedef int (*compare_t)(const void *, const void *);

static void swap(char *a, char *b, size_t bytes)
{
	while (bytes-- > 0) {
		char byte = *a;

		*a++ = *b;
		*b++ = byte;
	}
}

static void insertion_sort(char *base, size_t count, size_t bytes, compare_t compare)
{
	size_t i;
	size_t j;

	for (i = 1; i < count; i++) {
		for (j = i; j > 0; j--) {
			char *element = base + j * bytes;

			if (compare(element - bytes, element) <= 0)
				break;
			swap(element - bytes, element, bytes);
		}
	}
}

/* Sorts with the help of room for as many elements. */
static void merge_sort(char *base, size_t count, size_t bytes, compare_t compare, char *room)
{
	size_t half = count / 2;
	char *left = base;
	char *middle = base + half * bytes;
	char *right = middle;
	char *end = base + count * bytes;
	char *to = room;

	if (count < 2)
		return;
	merge_sort(left, half, bytes, compare, room);
	merge_sort(right, count - half, bytes, compare, room);
	while (left < middle && right < end) {
		char **from = compare(left, right) <= 0 ? &left : &right;

		memcpy(to, *from, bytes);
		*from += bytes;
		to += bytes;
	}
	memcpy(to, left, middle - left);
	memcpy(base, room, to + (middle - left) - room);
}

void qsort(void *base, size_t count, size_t bytes, compare_t compare)
{
	char *room = malloc(count * bytes);

	if (room)
		merge_sort(base, count, bytes, compare, room);
	else
		insertion_sort(base, count, bytes, compare);
	free(room);
}

void *bsearch(const void *key, const void *base, size_t count, size_t bytes, compare_t compare)
{
	const char *start = base;

	while (count > 0) {
		const char *middle = start + count / 2 * bytes;
		int order = compare(key, middle);

		if (order == 0)
			return (void *)middle;
		if (order > 0) {
			start = middle + bytes;
			count -= count / 2 + 1;
		} else {
			count /= 2;
		}
	}
	return NULL;
}
