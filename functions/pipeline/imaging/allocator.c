/* What must be settled before bimg's package init calls vips_init, and so before any Go code runs. */

#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#define MiB (1 << 20)

/* What is kept at most for the next photo. In Lambda an eighth of the function's memory, where that is less:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html has the variable, in MB.
 */
static long
kept(void)
{
	const char *memory = getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
	long most = 128, eighth = memory ? atol(memory) / 8 : most;

	return eighth > 0 && eighth < most ? eighth : most;
}

/* glibc keeps an arena for each thread and, once it has freed a large block, stops giving such blocks back to the
 * system: 200 mixed photos through one process held 414 to 750 MiB with its defaults. Two arenas, and blocks of their own
 * from a fixed size on, end that. What is kept need not be asked for and cleared again for the next photo, which was 5 to
 * 9 % of its time. Blocks of up to 32 MiB, the most that glibc takes, instead of 16, and 128 MiB of them instead of 64, are
 * another 10 % for a progressive JPEG of 14 megapixels and 4 % for an AVIF of 6; between large originals of all types a
 * process holds 200 MiB instead of 135 then.
 */
__attribute__((constructor)) static void
presize_allocator(void)
{
#ifdef __GLIBC__
	mallopt(M_ARENA_MAX, 2);
	mallopt(M_MMAP_THRESHOLD, 32 * MiB);
	mallopt(M_TRIM_THRESHOLD, (int) kept() * MiB);
#endif
	setenv("VIPS_BLOCK_UNTRUSTED", "1", 1);
	/* What libvips warns of comes back as an error where it matters; its own lines on stderr are no log. */
	setenv("VIPS_WARNING", "0", 1);
}
