/* Ten million rounds of assignments and bit operations: nothing but the price of an instruction. */
int main(void)
{
	int i, s = 0, n = 10000000;

	for (i = 0; i < n; i++) {
		int flag = 8;
		int f = flag | (i & 1);

		if (f & 8) {
			flag = 0;
			s += f;
		}
		s ^= i;
		s -= 1;
	}
	return s == 40003072 ? 0 : 1;
}
