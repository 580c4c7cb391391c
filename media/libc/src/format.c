/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The printf family: flags, width, precision and lengths of integer, character, string and pointer
 * conversions. There is no floating point, and %n is not supported.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "machine.h"

/* Digits of the longest number: 64 bits in octal. */
#define MAX_DIGITS 22

/* Where formatted text goes: into a string with room for `room` bytes, or to a stream by chunks. */
struct target {
	char *to;
	size_t room;
	FILE *stream;
	size_t in_buffer;
	size_t length; /* of all text, also of what had no room */
};

/* One conversion such as %-08.3lx. */
struct conversion {
	int is_left;
	int has_plus;
	int has_space;
	int is_alternate;
	int has_zeros;
	int width;
	int precision; /* negative when there is none */
	int longs;     /* 2 ll, 1 l, 0, -1 h, -2 hh */
	char letter;
};

static void flush(struct target *target)
{
	fl_write(target->stream->number, target->to, target->in_buffer);
	target->in_buffer = 0;
}

static void put(struct target *target, const char *text, size_t length)
{
	size_t fits;

	target->length += length;
	while (length > 0) {
		fits = target->room - target->in_buffer;
		if (fits == 0) {
			if (!target->stream)
				return;
			flush(target);
			continue;
		}
		if (fits > length)
			fits = length;
		fl_memcpy(target->to + target->in_buffer, text, fits);
		target->in_buffer += fits;
		text += fits;
		length -= fits;
	}
}

static void pad(struct target *target, char c, int count)
{
	while (count-- > 0)
		put(target, &c, 1);
}

/* Sign or prefix, zeros, digits; blanks or zeros around them up to the width. */
static void put_number(struct target *target, const struct conversion *conversion,
		       const char *prefix, const char *digits, int length)
{
	int zeros = conversion->precision > length ? conversion->precision - length : 0;
	int blanks = conversion->width - length - zeros - (int)strlen(prefix);

	if (conversion->has_zeros && !conversion->is_left && conversion->precision < 0 &&
	    blanks > 0) {
		zeros += blanks;
		blanks = 0;
	}
	if (!conversion->is_left)
		pad(target, ' ', blanks);
	put(target, prefix, strlen(prefix));
	pad(target, '0', zeros);
	put(target, digits, length);
	if (conversion->is_left)
		pad(target, ' ', blanks);
}

/* Writes the digits of a value backwards from `end`; returns the first of them. */
static char *write_digits(char *end, uint64_t value, unsigned int base, int is_upper)
{
	const char *digits = is_upper ? "0123456789ABCDEF" : "0123456789abcdef";
	unsigned int low;

	/* Most values fit into a word, where division is cheap. */
	while (value >> 32) {
		*--end = digits[value % base];
		value /= base;
	}
	for (low = value; low; low /= base)
		*--end = digits[low % base];
	return end;
}

static void put_integer(struct target *target, const struct conversion *conversion, uint64_t value,
			int is_negative)
{
	char buffer[MAX_DIGITS];
	char *end = buffer + MAX_DIGITS;
	char *start;
	const char *prefix = "";
	struct conversion exact = *conversion;
	unsigned int base = 10;

	switch (conversion->letter) {
	case 'o':
		base = 8;
		break;
	case 'x':
	case 'X':
	case 'p':
		base = 16;
		break;
	}
	start = write_digits(end, value, base, conversion->letter == 'X');
	if (conversion->letter == 'd' || conversion->letter == 'i')
		prefix = is_negative ? "-" : conversion->has_plus ? "+" :
			 conversion->has_space ? " " : "";
	else if (base == 16 && (conversion->letter == 'p' || (conversion->is_alternate && value)))
		prefix = conversion->letter == 'X' ? "0X" : "0x";
	else if (base == 8 && conversion->is_alternate && exact.precision <= end - start)
		exact.precision = end - start + 1;
	if (start == end && exact.precision < 0)
		*--start = '0';
	put_number(target, &exact, prefix, start, end - start);
}

static void put_text(struct target *target, const struct conversion *conversion, const char *text,
		     int length)
{
	if (!conversion->is_left)
		pad(target, ' ', conversion->width - length);
	put(target, text, length);
	if (conversion->is_left)
		pad(target, ' ', conversion->width - length);
}

static void put_string(struct target *target, const struct conversion *conversion, const char *text)
{
	if (!text)
		text = conversion->precision < 0 || conversion->precision >= 6 ? "(null)" : "";
	put_text(target, conversion, text,
		 conversion->precision < 0 ? strlen(text) : strnlen(text, conversion->precision));
}

/* Cuts a promoted argument to the length that the conversion names. */
static int64_t cut_signed(int64_t value, int longs)
{
	if (longs == -1)
		return (short)value;
	return longs < 0 ? (signed char)value : value;
}

static uint64_t cut_unsigned(uint64_t value, int longs)
{
	if (longs == -1)
		return (unsigned short)value;
	return longs < 0 ? (unsigned char)value : value;
}

/* Reads flags, width, precision and length; returns what follows the letter. */
static const char *read_conversion(const char *format, struct conversion *conversion, va_list *list)
{
	memset(conversion, 0, sizeof(*conversion));
	conversion->precision = -1;
	for (;; format++) {
		if (*format == '-')
			conversion->is_left = 1;
		else if (*format == '+')
			conversion->has_plus = 1;
		else if (*format == ' ')
			conversion->has_space = 1;
		else if (*format == '#')
			conversion->is_alternate = 1;
		else if (*format == '0')
			conversion->has_zeros = 1;
		else
			break;
	}
	if (*format == '*') {
		conversion->width = va_arg(*list, int);
		if (conversion->width < 0) {
			conversion->is_left = 1;
			conversion->width = -conversion->width;
		}
		format++;
	}
	while (isdigit(*format))
		conversion->width = conversion->width * 10 + *format++ - '0';
	if (*format == '.') {
		conversion->precision = 0;
		if (*++format == '*') {
			conversion->precision = va_arg(*list, int);
			format++;
		}
		while (isdigit(*format))
			conversion->precision = conversion->precision * 10 + *format++ - '0';
	}
	for (;; format++) {
		if (*format == 'l')
			conversion->longs++;
		else if (*format == 'h')
			conversion->longs--;
		else if (*format == 'j' || *format == 'q')
			conversion->longs = 2;
		else if (*format != 'z' && *format != 't')
			break;
	}
	conversion->letter = *format;
	return *format ? format + 1 : format;
}

static void convert(struct target *target, const struct conversion *conversion, va_list *list)
{
	int is_long = conversion->longs >= 2;
	int64_t number;
	uint64_t bits;
	char c;

	switch (conversion->letter) {
	case 'd':
	case 'i':
		number = is_long ? va_arg(*list, long long) : va_arg(*list, int);
		number = cut_signed(number, conversion->longs);
		bits = number;
		put_integer(target, conversion, number < 0 ? -bits : bits, number < 0);
		break;
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		bits = is_long ? va_arg(*list, unsigned long long) : va_arg(*list, unsigned int);
		put_integer(target, conversion, cut_unsigned(bits, conversion->longs), 0);
		break;
	case 'p':
		bits = (unsigned long)va_arg(*list, void *);
		if (bits)
			put_integer(target, conversion, bits, 0);
		else
			put_text(target, conversion, "(nil)", 5);
		break;
	case 'c':
		c = va_arg(*list, int);
		put_text(target, conversion, &c, 1);
		break;
	case 's':
		put_string(target, conversion, va_arg(*list, const char *));
		break;
	case '%':
		put(target, "%", 1);
		break;
	default:
		put(target, "%?", 2);
	}
}

static void format_all(struct target *target, const char *format, va_list *list)
{
	struct conversion conversion;
	const char *plain;

	for (;;) {
		for (plain = format; *format && *format != '%'; format++)
			;
		put(target, plain, format - plain);
		if (!*format)
			return;
		format = read_conversion(format + 1, &conversion, list);
		convert(target, &conversion, list);
	}
}

int vfprintf(FILE *stream, const char *format, va_list arguments)
{
	char buffer[256];
	struct target target = { buffer, sizeof(buffer), stream, 0, 0 };
	va_list list;

	va_copy(list, arguments);
	format_all(&target, format, &list);
	va_end(list);
	flush(&target);
	return target.length;
}

int vsnprintf(char *to, size_t bytes, const char *format, va_list arguments)
{
	struct target target = { to, bytes ? bytes - 1 : 0, NULL, 0, 0 };
	va_list list;

	va_copy(list, arguments);
	format_all(&target, format, &list);
	va_end(list);
	if (bytes)
		to[target.in_buffer] = '\0';
	return target.length;
}

int vsprintf(char *to, const char *format, va_list arguments)
{
	return vsnprintf(to, 0x7fffffff, format, arguments);
}

int vprintf(const char *format, va_list arguments)
{
	return vfprintf(stdout, format, arguments);
}

int printf(const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vfprintf(stdout, format, arguments);
	va_end(arguments);
	return length;
}

int fprintf(FILE *stream, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vfprintf(stream, format, arguments);
	va_end(arguments);
	return length;
}

int sprintf(char *to, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsprintf(to, format, arguments);
	va_end(arguments);
	return length;
}

int snprintf(char *to, size_t bytes, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(to, bytes, format, arguments);
	va_end(arguments);
	return length;
}
