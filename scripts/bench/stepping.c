/*
 * A program to step through: a list of mappings to which one is added and from which one is taken, for ever, as the map-loop of
 * benchmark-2010 does it in the kernel.
 */
struct mapping {
	unsigned long start;
	unsigned long end;
	unsigned long flags;
	struct mapping *next;
};

struct space {
	struct mapping *first;
	unsigned long count;
	unsigned long total;
};

static struct mapping pool[64];
static struct space demo;
static unsigned long rounds;

static struct mapping *find_mapping(struct space *space, unsigned long start)
{
	struct mapping *mapping = space->first;

	while (mapping && mapping->end <= start)
		mapping = mapping->next;
	return mapping;
}

static void link_mapping(struct space *space, struct mapping *mapping)
{
	mapping->next = space->first;
	space->first = mapping;
	space->count += 1;
	space->total += mapping->end - mapping->start;
}

static void unlink_mapping(struct space *space)
{
	struct mapping *mapping = space->first;

	space->first = mapping->next;
	space->count -= 1;
	space->total -= mapping->end - mapping->start;
}

static long add_mapping(struct space *space, unsigned long length, unsigned long flags)
{
	unsigned long start = 0x10000;
	struct mapping *mapping;
	struct mapping *other;

	if (length == 0)
		return -1;
	length = (length + 4095) & ~4095UL;
	other = find_mapping(space, start);
	if (other && other->start < start + length)
		start = other->end;
	mapping = &pool[space->count % 64];
	mapping->start = start;
	mapping->end = start + length;
	mapping->flags = flags;
	link_mapping(space, mapping);
	return (long)start;
}

int main(void)
{
	for (;;) {
		long start = add_mapping(&demo, 4000, 3);

		if (start < 0)
			return 1;
		unlink_mapping(&demo);
		rounds += 1;
	}
}
