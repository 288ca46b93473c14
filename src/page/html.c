/* html.c - escaping, and the little running text that packs may write. */
#include "page/html.h"

static struct str entity_of(char c)
{
    switch (c) {
    case '&':
        return STR("&amp;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '"':
        return STR("&quot;");
    case '\'':
        return STR("&#39;");
    default:
        return STR_NULL;
    }
}

void html_escape(struct buf *out, struct str s)
{
    static const bool special[256] = {
        ['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true};
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!special[(unsigned char)s.p[i]])
            continue;
        buf_put(out, (struct str){s.p + from, i - from});
        buf_put(out, entity_of(s.p[i]));
        from = i + 1;
    }
    buf_put(out, str_skip(s, from));
}

/* Escaping makes a text at most six times as long. */
static struct buf *room_for(struct arena *mem, struct str text, size_t times)
{
    return buf_new(mem, times * text.n + 256);
}

struct html html_of(struct arena *mem, struct str text)
{
    struct buf *out = room_for(mem, text, 6);
    html_escape(out, text);
    return (struct html){buf_str(out)};
}

/* No mark is looked for beyond this: a line of only brackets must not take for ever. */
enum { MARK_MAX = 2048 };

/* The length of **bold** at the start of s, or 0. */
static size_t bold_length(struct str s)
{
    if (!str_starts(s, STR("**")))
        return 0;
    for (size_t end = 3; end + 1 < s.n; end++)
        if (s.p[end] == '*' && s.p[end + 1] == '*')
            return end + 2;
    return 0;
}

static void put_bold(struct buf *out, struct str s)
{
    buf_put(out, STR("<strong>"));
    html_escape(out, str_cut(s, 2, s.n - 2));
    buf_put(out, STR("</strong>"));
}

/* The length of [words](https://…) at the start of s, or 0; no other scheme is let through. */
static size_t link_length(struct str s)
{
    if (!str_starts(s, STR("[")))
        return 0;
    size_t close = str_find(s, ']', 0), end = str_find(s, ')', close);
    struct str url = str_cut(s, close + 2, end);
    bool ok = close > 1 && end < s.n && s.p[close + 1] == '(' &&
              str_starts(url, STR("https://")) && str_find(url, ' ', 0) == url.n;
    return ok ? end + 1 : 0;
}

static void put_link(struct buf *out, struct str s)
{
    size_t close = str_find(s, ']', 0);
    buf_put(out, STR("<a href=\""));
    html_escape(out, str_cut(s, close + 2, s.n - 1));
    buf_put(out, STR("\" rel=\"noopener\">"));
    html_escape(out, str_cut(s, 1, close));
    buf_put(out, STR("</a>"));
}

static void put_inline(struct buf *out, struct str s)
{
    size_t from = 0, i = 0;
    while (i < s.n) {
        struct str rest = str_cut(s, i, i + MARK_MAX);
        size_t bold = bold_length(rest), link = bold ? 0 : link_length(rest);
        if (!bold && !link) {
            i++;
            continue;
        }
        html_escape(out, str_cut(s, from, i));
        if (bold)
            put_bold(out, str_cut(rest, 0, bold));
        else
            put_link(out, str_cut(rest, 0, link));
        i += bold + link;
        from = i;
    }
    html_escape(out, str_skip(s, from));
}

enum block { NONE, PARAGRAPH, LIST };

static void leave(struct buf *out, enum block *in)
{
    if (*in == PARAGRAPH)
        buf_put(out, STR("</p>\n"));
    if (*in == LIST)
        buf_put(out, STR("</li>\n</ul>\n"));
    *in = NONE;
}

static void put_line(struct buf *out, struct str line, enum block *in)
{
    if (str_starts(line, STR("- "))) {
        if (*in != LIST) {
            leave(out, in);
            buf_put(out, STR("<ul>\n<li>"));
        } else {
            buf_put(out, STR("</li>\n<li>"));
        }
        *in = LIST;
        put_inline(out, str_trim(str_skip(line, 2)));
        return;
    }
    buf_put(out, *in == NONE ? STR("<p>") : STR("\n"));
    if (*in == NONE)
        *in = PARAGRAPH;
    put_inline(out, line);
}

struct html html_prose(struct arena *mem, struct str text)
{
    struct buf *out = room_for(mem, text, 20); /* a list of one-letter items */
    enum block in = NONE;
    while (text.n) {
        struct str line;
        text = str_split(text, '\n', &line);
        line = str_trim(line);
        if (line.n)
            put_line(out, line, &in);
        else
            leave(out, &in);
    }
    leave(out, &in);
    return (struct html){buf_str(out)};
}

struct json *json_new_html(struct arena *mem, struct html h)
{
    struct json *v = json_new_str(mem, h.s);
    v->kind = JSON_HTML;
    return v;
}
