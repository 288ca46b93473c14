/* fold.c - Vietnamese without marks and capitals, for search. */
#include <utf8proc.h>

#include "text/i18n.h"

/* đ is a letter of its own to Unicode and has no decomposition; people search it as d. */
enum { D_WITH_STROKE = 0x111 };

static const utf8proc_option_t options =
    UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

static struct str encode(struct arena *mem, const utf8proc_int32_t *points, size_t n)
{
    unsigned char *p = arena_alloc(mem, 4 * n + 1);
    size_t at = 0;
    for (size_t i = 0; i < n; i++)
        at +=
            (size_t)utf8proc_encode_char(points[i] == D_WITH_STROKE ? 'd' : points[i], p + at);
    return (struct str){(char *)p, at};
}

struct str text_fold(struct arena *mem, struct str s)
{
    if (is_ascii(s))
        return str_lower(mem, s);
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)s.p;
    utf8proc_ssize_t need = utf8proc_decompose(bytes, (utf8proc_ssize_t)s.n, NULL, 0, options);
    if (need < 0) /* not UTF-8: nothing to fold */
        return str_lower(mem, s);
    utf8proc_int32_t *points = arena_array(mem, utf8proc_int32_t, (size_t)need + 1);
    need = utf8proc_decompose(bytes, (utf8proc_ssize_t)s.n, points, need, options);
    return encode(mem, points, (size_t)need);
}
