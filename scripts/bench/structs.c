/* Copies structs, passes them by value and returns them, half a million times. */
struct point {
	int x, y, z;
	short weight;
};

static struct point turn(struct point p)
{
	struct point turned = { p.y, p.z, p.x, p.weight };

	return turned;
}

int main(void)
{
	struct point p = { 1, 2, 3, 4 };
	int sum = 0;

	for (int i = 0; i < 500000; i++) {
		p = turn(p);
		p.weight++;
		sum += p.x;
	}
	return sum == 1000001 ? 0 : 1;
}
