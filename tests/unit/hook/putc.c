/* putc.c - putc(3) through libc and through its mirror. */
#include "harness/writing.h"
#include "harness/scenario.h"

/* One spot for all of them. */
static void give_by_putc(struct run *run, FILE *fp, const char *text, size_t size)
{
	const struct calls *calls = enter(run);
	size_t i = 0;
	int c = 0;

	while (i < size && (c = calls->putc((unsigned char)text[i], fp)) != EOF)
		i++;
	result(run, "putc", c);
	note(run, "put %zu", i);
}

int main(void)
{
	static const struct writing verb = {.give = give_by_putc};

	writing_add(&verb);
	return suite_run("putc");
}
