/* Counts the primes below 20000 by the sieve of Eratosthenes, five times: loops, array accesses, branches. */
#define LIMIT 20000

static unsigned char composite[LIMIT];

static int count_primes(void)
{
	int count = 0;

	for (int i = 0; i < LIMIT; i++)
		composite[i] = 0;
	for (int i = 2; i < LIMIT; i++) {
		if (composite[i])
			continue;
		count++;
		for (int j = i + i; j < LIMIT; j += i)
			composite[j] = 1;
	}
	return count;
}

int main(void)
{
	int count = 0;

	for (int round = 0; round < 5; round++)
		count = count_primes();
	return count == 2262 ? 0 : 1;
}
