/* plugin: a library that a program loads while it runs. */
void plugin_spin(void);

static volatile unsigned long sink;

void plugin_spin(void)
{
	for (long i = 0; i < 200000; i++)
		sink += (unsigned long)i;
}
