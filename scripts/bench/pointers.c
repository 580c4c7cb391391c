/* Follows pointers through a ring of a thousand nodes, five million times. */
struct node {
	struct node *next;
	int value;
};

static struct node ring[1000];

int main(void)
{
	struct node *at = ring;
	unsigned int sum = 0;

	for (int i = 0; i < 1000; i++) {
		ring[i].next = &ring[(i + 387) % 1000];
		ring[i].value = i;
	}
	for (int i = 0; i < 5000000; i++) {
		sum += at->value;
		at = at->next;
	}
	return sum == 2497500000u ? 0 : 1;
}
