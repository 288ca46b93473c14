/* entries.c - what was entered for a target, by period, and what it was before a correction. */
#include "goals/goals_priv.h"

#include "store/store.h"
#include "text/i18n.h"

/* What the asker may do with entries of one target. */
struct asker {
    bool may_open, may_verify; /* evidence; the form of the authority */
};

static struct asker asker_of(struct ctx *cx, const struct target *t)
{
    bool is_known = cx->who && cx->who->account;
    return (struct asker){.may_open = figure_may_open(cx, t->decl->body),
                          .may_verify = is_known && figure_may_verify(cx, t->decl->body)};
}

/* The unit is the body's own. Who entered it is read, from the event, only for those who might
 * verify it: nobody verifies their own. */
static enum rc giver_put(struct ctx *cx, const struct target *t, const struct asker *a,
                         const struct entered *e, struct json *o)
{
    struct entered_by by = {0};
    if (a->may_verify)
        TRY(entered_by_get(cx, &e->self, &by));
    json_put_str(cx->mem, o, "by_unit", t->speaker ? unit_name(cx, t->speaker) : STR(""));
    json_put_bool(cx->mem, o, "may_verify", a->may_verify && !entered_is_own(cx, &by));
    return RC_OK;
}

/* What an entry says in words and by its paper. A correction may have removed what ought not to
 * stand there: of what it was before, only those who may open the evidence read them. */
static void words_put(struct ctx *cx, const struct asker *a, const struct entered *e,
                      struct json *o)
{
    json_put_bool(cx->mem, o, "has_words", true);
    json_put_str(cx->mem, o, "note", e->note);
    json_put_str(cx->mem, o, "method", e->method);
    json_put_bool(cx->mem, o, "has_file", e->file.n > 0);
    json_put_str(cx->mem, o, "digest", str_cut(e->file, 0, 16));
    json_put_bool(cx->mem, o, "may_open", a->may_open);
}

static enum rc entry_put(struct ctx *cx, const struct target *t, const struct asker *a,
                         const struct entered *e, bool with_words, struct json *o)
{
    bool is_verified = e->verified.is_given;
    json_put_int(cx->mem, o, "entry", e->self.seq);
    json_put_str(cx->mem, o, "period", period_text(cx, e->period));
    json_put_str(cx->mem, o, "self",
                 target_value_text(cx, t, entered_value_of(t->ind, &e->self)));
    json_put_bool(cx->mem, o, "is_verified", is_verified);
    json_put_str(cx->mem, o, "verified",
                 target_value_text(cx, t, entered_value_of(t->ind, &e->verified)));
    json_put_str(cx->mem, o, "verified_note", is_verified ? e->verified_note : STR(""));
    json_put_str(cx->mem, o, "entered_at", time_text(cx->mem, e->self.time_us));
    json_put_bool(cx->mem, o, "has_words", false);
    if (with_words)
        words_put(cx, a, e, o);
    return giver_put(cx, t, a, e, o);
}

/* Latest first, without the one that stands. */
static enum rc earlier_put(struct ctx *cx, const struct target *t, const struct asker *a,
                           const struct entered *e, struct json *o)
{
    struct entered_list all;
    struct json *list = json_put(o, STR("earlier"), json_new_arr(cx->mem));
    TRY(entered_history(cx, e->indicator, e->body, e->period, &all));
    for (size_t i = 1; i < all.n; i++)
        TRY(entry_put(cx, t, a, &all.v[i], a->may_open,
                      json_push(list, json_new_obj(cx->mem))));
    json_put_bool(cx->mem, o, "has_earlier", list->n > 0);
    json_put_str(cx->mem, o, "earlier_count", number_text(cx, (int64_t)list->n));
    return RC_OK;
}

enum rc entries_put(struct ctx *cx, const struct target *t, struct json *v)
{
    struct period all = {day_make(PERIOD_YEAR_MIN, 1, 1), day_of(cx->now_us) + 1};
    struct entered_list list;
    struct asker a = asker_of(cx, t);
    struct json *rows = json_put(v, STR("entries"), json_new_arr(cx->mem));
    TRY(entered_series(cx, t->ind->id, t->decl->body, all, &list));
    for (size_t i = list.n; i-- > 0;) {
        struct json *o = json_push(rows, json_new_obj(cx->mem));
        TRY(entry_put(cx, t, &a, &list.v[i], true, o));
        TRY(earlier_put(cx, t, &a, &list.v[i], o));
    }
    json_put_bool(cx->mem, v, "has_entries", list.n > 0);
    return RC_OK;
}
