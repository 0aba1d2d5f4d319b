#include "floor.h"
#include <string.h>

/* JSON as far as the protocol needs it, and no further: one flat object of strings and whole numbers. Whatever else there
 * is, a key that is not known among it, is an error.
 */

static const char *
space(const char *at)
{
	while (*at == ' ' || *at == '\t')
		at++;
	return at;
}

/* The text after an opening quote, and what stands behind the closing one; NULL for what is no string. */
static const char *
string(const char *at, char **value)
{
	static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	GString *text = g_string_new(NULL);

	for (; *at && *at != '"'; at++) {
		const char *escape;

		if ((unsigned char) *at < 0x20)
			break;
		if (*at != '\\') {
			g_string_append_c(text, *at);
			continue;
		}
		at++;
		if (!*at || !(escape = strchr(escapes, *at)))
			break; /* \u too: Go writes it for control characters alone, and no path here has one */
		g_string_append_c(text, meanings[escape - escapes]);
	}
	g_free(*value);
	*value = g_string_free(text, FALSE);
	return *at == '"' ? at + 1 : NULL;
}

static const char *
number(const char *at, int *value)
{
	char *end;
	gint64 read;

	if (!g_ascii_isdigit(*at))
		return NULL;
	read = g_ascii_strtoll(at, &end, 10);
	*value = (int) CLAMP(read, 0, 100);
	return end;
}

static const char *
member(const char *at, char **file, char **out, int *quality)
{
	char *key = NULL;

	if (*at != '"' || !(at = string(at + 1, &key))) {
		g_free(key);
		return NULL;
	}
	at = space(at);
	at = *at == ':' ? space(at + 1) : "";
	if (!strcmp(key, "quality"))
		at = number(at, quality);
	else if (*at == '"' && !strcmp(key, "file"))
		at = string(at + 1, file);
	else if (*at == '"' && !strcmp(key, "out"))
		at = string(at + 1, out);
	else
		at = NULL;
	g_free(key);
	return at;
}

int
read_upload(const char *line, char **file, char **out, int *quality)
{
	const char *at = space(line);

	*file = *out = NULL;
	*quality = 0;
	if (*at == '{')
		do
			at = member(space(at + 1), file, out, quality);
		while (at && *(at = space(at)) == ',');
	else
		at = NULL;
	if (at && *at == '}' && !*space(at + 1) && *file && *out)
		return 0;
	g_free(*file);
	g_free(*out);
	vips_error("floor", "not an upload: %s", line);
	return -1;
}

void
write_string(FILE *to, const char *text)
{
	fputc('"', to);
	for (; *text; text++)
		if (*text == '"' || *text == '\\')
			fprintf(to, "\\%c", *text);
		else if ((unsigned char) *text < 0x20)
			fprintf(to, "\\u%04x", *text);
		else
			fputc(*text, to);
	fputc('"', to);
}
