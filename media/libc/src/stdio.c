/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output of characters and strings to the console. Formatting is in format.c.
 */
#include <stdio.h>
#include <string.h>

#include "machine.h"

static FILE output = { 1 };
static FILE errors = { 2 };

FILE *stdout = &output;
FILE *stderr = &errors;

int fputc(int c, FILE *stream)
{
	char byte = c;

	fl_write(stream->number, &byte, 1);
	return (unsigned char)c;
}

int putc(int c, FILE *stream)
{
	return fputc(c, stream);
}

int putchar(int c)
{
	return fputc(c, stdout);
}

int fputs(const char *text, FILE *stream)
{
	fl_write(stream->number, text, strlen(text));
	return 1;
}

int puts(const char *text)
{
	fputs(text, stdout);
	return fputc('\n', stdout);
}

size_t fwrite(const void *block, size_t bytes, size_t count, FILE *stream)
{
	fl_write(stream->number, block, bytes * count);
	return count;
}

int fflush(FILE *stream)
{
	(void)stream;
	return 0;
}
