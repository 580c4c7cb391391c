/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The start and the end of a program.
 *
 * The machine calls __start with a table that the `faultline cc` command has laid behind the
 * program: the arguments of main. The heap is all the memory behind that.
 */
#include <stdlib.h>

#include "machine.h"

#define EXIT_FUNCTIONS 32
/* All memory can be reached from this address on. */
#define DIRECT_MAP_BASE 0xc0000000ul

struct start_table {
	int argc;
	char **argv;
};

char *__heap_start;
char *__heap_end;

static void (*exit_functions[EXIT_FUNCTIONS])(void);
static int nr_exit_functions;

int main();

/* Runs the program. Does not return. */
void __start(const struct start_table *table)
{
	__heap_start = (char *)fl_kernel_end();
	__heap_end = (char *)(DIRECT_MAP_BASE + fl_ram_bytes());
	exit(main(table->argc, table->argv));
}

/* Remembers a function for exit; the last one is called first. */
int atexit(void (*function)(void))
{
	if (nr_exit_functions == EXIT_FUNCTIONS)
		return -1;
	exit_functions[nr_exit_functions++] = function;
	return 0;
}

void exit(int status)
{
	while (nr_exit_functions > 0)
		exit_functions[--nr_exit_functions]();
	_Exit(status);
}

void _Exit(int status)
{
	fl_exit(status & 255);
}

/* The machine stops with a fault and says where. */
void abort(void)
{
	fl_bug("the program called abort()");
}
