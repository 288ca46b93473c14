/* offer.c - which datasets there are, and the periods they are released for. */
#include "opendata/opendata_priv.h"

struct offers offers_all(struct ctx *cx)
{
    size_t npacks, n = 0;
    const struct pack *const *packs = pack_all(cx, &npacks);
    for (size_t i = 0; i < npacks; i++)
        n += packs[i]->datasets.n;
    struct offers out = {arena_array(cx->mem, struct offer, n), 0};
    for (size_t i = 0; i < npacks; i++) {
        const struct pack *p = packs[i];
        for (size_t j = 0; j < p->datasets.n; j++) {
            const struct dataset *d = &p->datasets.v[j];
            struct str id =
                p->form ? str_fmt(cx->mem, "%.*s.%.*s", STR_ARG(p->id), STR_ARG(d->id)) : d->id;
            out.v[out.n++] = (struct offer){id, p, d};
        }
    }
    return out;
}

const struct offer *offer_find(struct ctx *cx, struct str id)
{
    struct offers all = offers_all(cx);
    for (size_t i = 0; i < all.n; i++)
        if (str_eq(all.v[i].id, id))
            return &all.v[i];
    return NULL;
}

const struct indicator *offer_column(struct ctx *cx, const struct offer *o, size_t i)
{
    struct str id = o->d->columns[i];
    if (o->d->event)
        return NULL;
    if (o->pack->form)
        id = str_fmt(cx->mem, "%.*s.%.*s", STR_ARG(o->pack->id), STR_ARG(id));
    return indicator_find(cx, id);
}

/* -- periods -- */

static int months_of(enum dataset_time every)
{
    return every == TIME_YEAR ? 12 : every == TIME_QUARTER ? 3 : 1;
}

static int32_t month_start(int month) /* year * 12 + month - 1 */
{
    return day_make(month / 12, month % 12 + 1, 1);
}

int32_t grain_day(int32_t day, enum dataset_time t)
{
    struct civil c = civil_of_day(day);
    int month = c.year * 12 + c.month - 1;
    if (t == TIME_DAY)
        return day;
    return t == TIME_ALL ? 0 : month_start(month - month % months_of(t));
}

struct str grain_text(struct arena *mem, int32_t day, enum dataset_time t)
{
    struct civil c = civil_of_day(day);
    if (t == TIME_DAY)
        return day_iso(mem, day);
    if (t == TIME_YEAR)
        return str_fmt(mem, "%04d", c.year);
    if (t == TIME_QUARTER)
        return str_fmt(mem, "%04d-Q%d", c.year, (c.month - 1) / 3 + 1);
    return str_fmt(mem, "%04d-%02d", c.year, c.month);
}

struct data_period data_period_of(struct arena *mem, int32_t day, enum dataset_time every)
{
    int32_t from = grain_day(day, every);
    struct civil c = civil_of_day(from);
    int32_t to = month_start(c.year * 12 + c.month - 1 + months_of(every));
    return (struct data_period){grain_text(mem, from, every), from, to};
}

bool data_period_parse(struct arena *mem, struct str name, enum dataset_time every,
                       struct data_period *ret)
{
    struct str year, rest = str_split(name, '-', &year);
    int64_t y, part = 1;
    bool is_quarter = str_starts(rest, STR("Q"));
    if (year.n != 4 || !str_int(year, &y) || y < 1970)
        return false;
    if (rest.p && !str_int(str_skip(rest, is_quarter), &part))
        return false;
    if (part < 1 || part > 12 / months_of(every))
        return false;
    int month = (int)(part - 1) * months_of(every);
    struct data_period s = data_period_of(mem, day_make((int)y, month + 1, 1), every);
    if (!str_eq(s.name, name)) /* one spelling for each period */
        return false;
    *ret = s;
    return true;
}
