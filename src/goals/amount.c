/* amount.c - what both forms have: a value or its parts as typed, and what is wrong with them. */
#include "goals/goals_priv.h"

#include "text/i18n.h"

void goals_wrong(struct ctx *cx, struct json *v, const char *field, struct str text)
{
    struct json *list = json_get(v, STR("errors"));
    list = list ? list : json_put(v, STR("errors"), json_new_arr(cx->mem));
    struct json *e = json_push(list, json_new_obj(cx->mem));
    json_put_str(cx->mem, e, "href", str_fmt(cx->mem, "#%s", field));
    json_put_str(cx->mem, e, "message", text);
    json_put_str(cx->mem, v, str_z(cx->mem, str_fmt(cx->mem, "wrong_%s", field)), text);
    json_put_bool(cx->mem, v, "has_errors", true);
}

void goals_wrong_key(struct ctx *cx, struct json *v, const char *field, const char *what)
{
    goals_wrong(cx, v, field, msg_get(cx->lang, str_fmt(cx->mem, "goals.wrong.%s", what)));
}

bool goals_is_ratio(const struct indicator *ind)
{
    return ind->unit != IND_COUNT && (ind->unit != IND_VND || ind->has_of);
}

struct str typed_str(const struct req *rq, const char *field)
{
    struct str s = str_trim(req_str(rq, field));
    return s.p ? s : STR("");
}

bool amount_is_typed(const struct req *rq)
{
    return typed_str(rq, "value").n || typed_str(rq, "num").n || typed_str(rq, "den").n;
}

/* -- reading -- */

static bool whole_read(struct ctx *cx, struct str s, int64_t *ret)
{
    int64_t hundredths;
    if (value_parse(s, cx->lang, &hundredths) != VALUE_READ || hundredths % 100)
        return false;
    *ret = hundredths / 100;
    return true;
}

static bool parts_read(struct ctx *cx, const struct req *rq, struct json *v, int64_t *num,
                       int64_t *den)
{
    bool ok = whole_read(cx, typed_str(rq, "num"), num) &&
              whole_read(cx, typed_str(rq, "den"), den) && *den > 0;
    if (!ok)
        goals_wrong_key(cx, v, "den", "den");
    return ok;
}

static bool value_read(struct ctx *cx, const struct req *rq, const struct target *t,
                       struct json *v, int64_t *num, int64_t *den)
{
    static const char *const faults[] = {[VALUE_NONE] = "value",
                                         [VALUE_MARKS] = "value.marks",
                                         [VALUE_DECIMALS] = "value.decimals"};
    int64_t hundredths;
    enum value_fault fault = value_parse(typed_str(rq, "value"), cx->lang, &hundredths);
    if (fault != VALUE_READ && (goals_is_ratio(t->ind) || fault == VALUE_MARKS))
        goals_wrong_key(cx, v, "value", faults[fault]);
    else if (fault != VALUE_READ || !value_split(t->ind, hundredths, num, den))
        goals_wrong_key(cx, v, "value", "value.whole");
    else
        return true;
    return false;
}

static bool range_is_kept(struct ctx *cx, const struct target *t, struct json *v,
                          const char *field, int64_t num, int64_t den)
{
    struct value_range r = indicator_range(cx, t->ind);
    struct json *args = json_new_obj(cx->mem);
    if (value_is_within(t->ind, &r, num, den))
        return true;
    json_put_str(cx->mem, args, "least", target_value_text(cx, t, r.least));
    json_put_str(cx->mem, args, "most", target_value_text(cx, t, r.most));
    goals_wrong(cx, v, field, msg_fill(cx, STR("goals.wrong.range"), args));
    return false;
}

bool amount_read(struct ctx *cx, const struct req *rq, const struct target *t, struct json *v,
                 struct amount *ret)
{
    bool has_parts =
        goals_is_ratio(t->ind) && (typed_str(rq, "num").n || typed_str(rq, "den").n);
    if (has_parts && typed_str(rq, "value").n) {
        goals_wrong_key(cx, v, "value", "both");
        return false;
    }
    return (has_parts ? parts_read(cx, rq, v, &ret->num, &ret->den)
                      : value_read(cx, rq, t, v, &ret->num, &ret->den)) &&
           range_is_kept(cx, t, v, has_parts ? "den" : "value", ret->num, ret->den);
}

/* -- showing -- */

void amount_put(struct ctx *cx, const struct target *t, struct json *v)
{
    struct value_range r = indicator_range(cx, t->ind);
    json_put_bool(cx->mem, v, "is_ratio", goals_is_ratio(t->ind));
    json_put_bool(cx->mem, v, "is_money", !goals_is_ratio(t->ind) && t->ind->unit == IND_VND);
    json_put_bool(cx->mem, v, "is_count", t->ind->unit == IND_COUNT);
    json_put_bool(cx->mem, v, "has_range", r.is_given);
    json_put_str(cx->mem, v, "least", target_value_text(cx, t, r.least));
    json_put_str(cx->mem, v, "most", target_value_text(cx, t, r.most));
    json_put_int(cx->mem, v, "text_most", ENTERED_TEXT_MAX);
    typed_put(cx, NULL, v);
}

void typed_put(struct ctx *cx, const struct req *rq, struct json *v)
{
    static const char *const fields[] = {"value", "num", "den", "note"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct str s = rq ? req_str(rq, fields[i]) : STR("");
        json_put_str(cx->mem, v, fields[i], s.p ? s : STR(""));
    }
}

/* -- what is answered instead of a form -- */

enum rc goals_tell(struct ctx *cx, struct req *rq, int status, struct str id, const char *key)
{
    struct str back = str_fmt(cx->mem, "/targets/%.*s", STR_ARG(id));
    struct json *v = goals_view(cx, key, back);
    json_put_str(cx->mem, v, "text", msg_get(cx->lang, str_fmt(cx->mem, "%s.text", key)));
    return reply_page_status(cx, rq, status, "goals/told", v);
}
