#include "floor.h"
#include <sys/resource.h>

/* ms of processor time, user and system, of all threads so far. */
static double
processor(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1e3 + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e3;
}

static int
store(const char *folder, Variant *variant, char **path)
{
	GError *error = NULL;
	char *name = g_strconcat(variant->preset, ".", variant->extension, NULL);

	*path = g_build_filename(folder, name, NULL);
	g_free(name);
	if (g_file_set_contents(*path, variant->data, variant->length, &error))
		return 0;
	vips_error("floor", "%s", error->message);
	g_error_free(error);
	return -1;
}

static void
print_failure(void)
{
	char *text = g_strchomp(vips_error_buffer_copy());

	printf("{\"cpu\":0,\"wall\":0,\"variants\":[],\"short\":\"\",\"error\":");
	write_string(stdout, *text ? text : "libvips gave no reason");
	printf("}\n");
	g_free(text);
	vips_error_clear();
}

static void
print_variants(double cpu, double wall, Variant *variants, char **paths)
{
	int i;

	printf("{\"cpu\":%.3f,\"wall\":%.3f,\"error\":\"\",\"short\":\"\",\"variants\":[", cpu, wall);
	for (i = 0; i < VARIANTS; i++) {
		printf("%s{\"preset\":\"%s\",\"width\":%d,\"height\":%d,\"bytes\":%zu", i ? "," : "", variants[i].preset,
			variants[i].width, variants[i].height, variants[i].length);
		if (paths[i]) {
			printf(",\"path\":");
			write_string(stdout, paths[i]);
		}
		printf("}");
	}
	printf("]}\n");
}

/* The clock runs from the original's bytes in memory to every variant's bytes in memory. */
static int
upload(const char *file, const char *folder)
{
	Variant variants[VARIANTS] = { { 0 } };
	char *paths[VARIANTS] = { 0 }, *data;
	GError *error = NULL;
	size_t length;
	double cpu;
	gint64 wall;
	Master master;
	int i, result;

	if (!g_file_get_contents(file, &data, &length, &error)) {
		vips_error("floor", "%s", error->message);
		g_error_free(error);
		return -1;
	}
	wall = g_get_monotonic_time();
	cpu = processor();
	if (!(result = decode(data, length, &master))) {
		result = render(&master, variants);
		release(&master);
	}
	cpu = processor() - cpu;
	wall = g_get_monotonic_time() - wall;
	for (i = 0; i < VARIANTS && *folder && !result; i++)
		result = store(folder, &variants[i], &paths[i]);
	if (!result)
		print_variants(cpu, wall / 1e3, variants, paths);
	for (i = 0; i < VARIANTS; i++) {
		g_free(variants[i].data);
		g_free(paths[i]);
	}
	g_free(data);
	return result;
}

int
main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;
	(void) argc;

	/* What libvips warns of comes back as an error where it matters. */
	g_setenv("VIPS_WARNING", "0", TRUE);
	if (VIPS_INIT(argv[0]))
		vips_error_exit("floor: cannot start libvips");
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	while (getline(&line, &room, stdin) > 0) {
		char *file, *folder;
		int quality;

		if (read_upload(g_strchomp(line), &file, &folder, &quality))
			print_failure();
		else {
			if (quality)
				vips_error("floor", "renders at the presets' own quality only");
			if (quality || upload(file, folder))
				print_failure();
			g_free(file);
			g_free(folder);
		}
		fflush(stdout);
	}
	free(line);
	vips_shutdown();
	return 0;
}
