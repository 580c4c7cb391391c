/* The cost of starting: compile and run nothing. */
int main(void)
{
	return 0;
}
