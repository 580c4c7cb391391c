/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers: absolute values, division, reading numbers from text, pseudo-random numbers.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

int errno;

int abs(int value)
{
	return value < 0 ? -value : value;
}

long labs(long value)
{
	return value < 0 ? -value : value;
}

long long llabs(long long value)
{
	return value < 0 ? -value : value;
}

div_t div(int dividend, int divisor)
{
	div_t result = { dividend / divisor, dividend % divisor };

	return result;
}

ldiv_t ldiv(long dividend, long divisor)
{
	ldiv_t result = { dividend / divisor, dividend % divisor };

	return result;
}

lldiv_t lldiv(long long dividend, long long divisor)
{
	lldiv_t result = { dividend / divisor, dividend % divisor };

	return result;
}

static int digit_value(char c)
{
	if (isdigit(c))
		return c - '0';
	if (isalpha(c))
		return tolower(c) - 'a' + 10;
	return INT_MAX;
}

/*
 * Reads [space] [sign] [0x or 0] digits. The magnitude is at most limit; errno tells when it was
 * more. *end is behind the last digit, or at the start when there is none.
 */
static unsigned long long read_number(const char *text, char **end, int base,
				      unsigned long long limit, int *is_negative)
{
	const char *at = text;
	const char *digits;
	unsigned long long value = 0;
	int is_too_large = 0;

	while (isspace(*at))
		at++;
	*is_negative = *at == '-';
	if (*at == '-' || *at == '+')
		at++;
	if ((base == 0 || base == 16) && at[0] == '0' && (at[1] == 'x' || at[1] == 'X') &&
	    isxdigit(at[2])) {
		at += 2;
		base = 16;
	}
	if (base == 0)
		base = *at == '0' ? 8 : 10;
	for (digits = at; digit_value(*at) < base; at++) {
		int digit = digit_value(*at);

		if (value > (limit - digit) / base)
			is_too_large = 1;
		else
			value = value * base + digit;
	}
	if (end)
		*end = (char *)(at == digits ? text : at);
	if (!is_too_large)
		return value;
	errno = ERANGE;
	return limit;
}

/* A signed number: the largest magnitude below zero is one more than above. */
static long long read_signed(const char *text, char **end, int base, long long largest)
{
	char *ignored;
	int is_negative;
	unsigned long long limit = (unsigned long long)largest + 1;
	unsigned long long value;

	if (!end)
		end = &ignored;
	value = read_number(text, end, base, limit, &is_negative);
	if (is_negative)
		return -value;
	if (value <= (unsigned long long)largest)
		return value;
	errno = ERANGE;
	return largest;
}

long strtol(const char *text, char **end, int base)
{
	return read_signed(text, end, base, LONG_MAX);
}

long long strtoll(const char *text, char **end, int base)
{
	return read_signed(text, end, base, LLONG_MAX);
}

unsigned long strtoul(const char *text, char **end, int base)
{
	int is_negative;
	unsigned long value = read_number(text, end, base, ULONG_MAX, &is_negative);

	return is_negative && value != ULONG_MAX ? -value : value;
}

unsigned long long strtoull(const char *text, char **end, int base)
{
	int is_negative;
	unsigned long long value = read_number(text, end, base, ULLONG_MAX, &is_negative);

	return is_negative && value != ULLONG_MAX ? -value : value;
}

int atoi(const char *text)
{
	return strtol(text, NULL, 10);
}

long atol(const char *text)
{
	return strtol(text, NULL, 10);
}

long long atoll(const char *text)
{
	return strtoll(text, NULL, 10);
}

/*
 * An additive feedback generator, x[n] = x[n - 3] + x[n - 31], of which the low bit is dropped. It
 * gives the numbers that the C library of most Linux systems gives for the same seed.
 */
#define RANDOM_DEGREE 31
#define RANDOM_SEPARATION 3

static unsigned int random_state[RANDOM_DEGREE];
static int random_at = -1;

static unsigned int next_random(void)
{
	int other = random_at - RANDOM_SEPARATION;
	unsigned int value;

	if (other < 0)
		other += RANDOM_DEGREE;
	value = random_state[random_at] += random_state[other];
	random_at = (random_at + 1) % RANDOM_DEGREE;
	return value >> 1;
}

void srand(unsigned int seed)
{
	int i;
	int word = seed ? seed : 1;

	random_state[0] = word;
	for (i = 1; i < RANDOM_DEGREE; i++) {
		/* 16807 * word modulo 2^31 - 1 without overflow. */
		word = 16807 * (word % 127773) - 2836 * (word / 127773);
		if (word < 0)
			word += 2147483647;
		random_state[i] = word;
	}
	random_at = RANDOM_SEPARATION;
	for (i = 0; i < 10 * RANDOM_DEGREE; i++)
		next_random();
}

int rand(void)
{
	if (random_at < 0)
		srand(1);
	return next_random();
}
