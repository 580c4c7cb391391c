/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A simple heap: one list of blocks in the order of their addresses.
 *
 * Every block starts with a header. malloc takes the first free block that is large enough and cuts
 * off what it does not need; free joins neighbors. Headers, freed blocks and what a block has more
 * than was asked for are guarded: who touches them stops the program. So does freeing twice.
 */
#include <stdlib.h>
#include <string.h>

#include "machine.h"

#define ALIGNMENT 16
#define IN_USE 0x55534544u
#define IS_FREE 0x46524545u

/* Padded to ALIGNMENT bytes, so that what follows is aligned. */
struct block {
	unsigned int state; /* IN_USE or IS_FREE */
	size_t bytes;       /* of what follows the header */
	size_t wanted;      /* as malloc was asked */
	struct block *next; /* the block behind it, or NULL */
	struct block *previous;
	unsigned int unused[3];
};

static struct block *first;

__unchecked static void check(const struct block *block)
{
	if (block->state != IN_USE && block->state != IS_FREE)
		fl_bug("the heap is damaged: something wrote behind the end of a block");
}

/* The whole heap becomes one free block. */
__unchecked static void create_heap(void)
{
	unsigned long start = ((unsigned long)__heap_start + ALIGNMENT - 1) & -ALIGNMENT;

	first = (struct block *)start;
	first->state = IS_FREE;
	first->bytes = (unsigned long)__heap_end - start - sizeof(struct block);
	first->next = NULL;
	first->previous = NULL;
	fl_memory_state(first, sizeof(struct block), FL_MEMORY_RED_ZONE);
}

/* Cuts a block that is larger than it need be. */
__unchecked static void split(struct block *block, size_t bytes)
{
	struct block *rest;

	if (block->bytes < bytes + sizeof(struct block) + ALIGNMENT)
		return;
	rest = (struct block *)((char *)(block + 1) + bytes);
	rest->state = IS_FREE;
	rest->bytes = block->bytes - bytes - sizeof(struct block);
	rest->next = block->next;
	rest->previous = block;
	if (rest->next)
		rest->next->previous = rest;
	block->bytes = bytes;
	block->next = rest;
	fl_memory_state(rest, sizeof(struct block), FL_MEMORY_RED_ZONE);
}

/* Joins a block with the one behind it. */
__unchecked static void join_next(struct block *block)
{
	struct block *next = block->next;

	block->bytes += sizeof(struct block) + next->bytes;
	block->next = next->next;
	if (block->next)
		block->next->previous = block;
	next->state = 0;
}

__unchecked void *malloc(size_t wanted)
{
	size_t bytes = (wanted + ALIGNMENT - 1) & -ALIGNMENT;
	struct block *block;

	if (!first)
		create_heap();
	if (wanted > 0x7fffffff)
		return NULL;
	if (bytes == 0)
		bytes = ALIGNMENT;
	for (block = first; block; block = block->next) {
		check(block);
		if (block->state == IS_FREE && block->bytes >= bytes) {
			split(block, bytes);
			block->state = IN_USE;
			block->wanted = wanted;
			fl_memory_state(block + 1, block->bytes, FL_MEMORY_RED_ZONE);
			fl_object_allocated(block + 1, wanted);
			return block + 1;
		}
	}
	return NULL;
}

__unchecked void *calloc(size_t count, size_t bytes)
{
	void *block;

	if (bytes && count > (size_t)-1 / bytes)
		return NULL;
	block = malloc(count * bytes);
	if (block)
		memset(block, 0, count * bytes);
	return block;
}

__unchecked void free(void *memory)
{
	struct block *block = (struct block *)memory - 1;

	if (!memory)
		return;
	if (block->state == IS_FREE)
		fl_bug("free() of a block that is free already");
	if (block->state != IN_USE)
		fl_bug("free() of something that malloc() did not return");
	block->state = IS_FREE;
	fl_object_freed(memory, block->bytes);
	if (block->next && block->next->state == IS_FREE)
		join_next(block);
	if (block->previous && block->previous->state == IS_FREE)
		join_next(block->previous);
}

__unchecked void *realloc(void *memory, size_t bytes)
{
	struct block *block = (struct block *)memory - 1;
	void *moved;

	if (!memory)
		return malloc(bytes);
	check(block);
	moved = malloc(bytes);
	if (moved) {
		memcpy(moved, memory, bytes < block->wanted ? bytes : block->wanted);
		free(memory);
	}
	return moved;
}
