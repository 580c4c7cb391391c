/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <stdio.h>: formatted output to the console and into strings.
 *
 * Every call writes at once, nothing waits in a buffer. There are no files and there is no input.
 */
#ifndef _STDIO_H
#define _STDIO_H

#include <stdarg.h>
#include <stddef.h>

#define EOF (-1)

/* An open stream is the number of the console: 1 output, 2 errors. */
typedef struct {
	int number;
} FILE;

extern FILE *stdout;
extern FILE *stderr;

int printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int fprintf(FILE *stream, const char *format, ...) __attribute__((format(printf, 2, 3)));
int sprintf(char *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
int snprintf(char *to, size_t bytes, const char *format, ...) __attribute__((format(printf, 3, 4)));
int vprintf(const char *format, va_list arguments);
int vfprintf(FILE *stream, const char *format, va_list arguments);
int vsprintf(char *to, const char *format, va_list arguments);
int vsnprintf(char *to, size_t bytes, const char *format, va_list arguments);

int putchar(int c);
int putc(int c, FILE *stream);
int fputc(int c, FILE *stream);
int puts(const char *text);
int fputs(const char *text, FILE *stream);
size_t fwrite(const void *block, size_t bytes, size_t count, FILE *stream);
int fflush(FILE *stream);

#endif
