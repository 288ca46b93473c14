/* fields.c - words for fields: days and moments as offices write them. */
#include "letter/letter_priv.h"

static struct str two(struct ctx *cx, int n)
{
    return str_fmt(cx->mem, "%02d", n);
}

static struct json *civil_args(struct ctx *cx, const struct civil *c)
{
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "hour", two(cx, c->hour));
    json_put_str(cx->mem, o, "minute", two(cx, c->minute));
    json_put_str(cx->mem, o, "day", two(cx, c->day));
    json_put_str(cx->mem, o, "month", two(cx, c->month));
    json_put_str(cx->mem, o, "year", str_fmt(cx->mem, "%d", c->year));
    return o;
}

/* LAW: ND30/2020 annex I - days below 10 and months 1, 2 take a leading 0; all months do here. */
struct str letter_day(struct ctx *cx, int32_t day)
{
    struct civil c = civil_of_day(day);
    return msg_fill(cx, STR("letter.day"), civil_args(cx, &c));
}

struct str letter_moment(struct ctx *cx, int64_t at_us)
{
    struct civil c = civil_of(at_us);
    return msg_fill(cx, STR("letter.moment"), civil_args(cx, &c));
}

struct str roles_text(struct ctx *cx, unsigned roles)
{
    enum { ROLES_TEXT_MAX = 1000 };
    struct buf *b = buf_new(cx->mem, ROLES_TEXT_MAX);
    for (int r = 0; r < ROLE_COUNT; r++) {
        if (!(roles & (1u << r)))
            continue;
        if (buf_str(b).n)
            buf_put(b, STR(", "));
        buf_put(b, role_label(cx, (enum role)r));
    }
    return buf_str(b);
}

struct json *fields_new(struct ctx *cx, const struct unit *u)
{
    static const char *const names[] = {
#define LETTER_FIELD(name, text) #name,
#include "letter_fields.def"
    };
    static const char *const lists[] = {"papers", "items", "steps", "branches", "rows"};
    struct json *f = json_new_obj(cx->mem);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        json_put_str(cx->mem, f, names[i], STR(""));
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        json_put(f, str_from(lists[i]), json_new_arr(cx->mem));
    json_put_str(cx->mem, f, "unit", unit_name(cx, u));
    if (u->parent)
        json_put_str(cx->mem, f, "superior", unit_name(cx, u->parent));
    return f;
}
