/* slip.c - the control slip: each step of a dossier, who had it, from when to when, and the
 * office time used against the step's limit.
 *
 * LAW: TT01/2018 9 - form 05, on A5. */
#include "desk/desk_priv.h"

static struct str minutes_text(struct ctx *cx, int64_t minutes)
{
    struct json *args = json_new_obj(cx->mem);
    json_put_str(cx->mem, args, "h", number_text(cx, minutes / 60));
    json_put_str(cx->mem, args, "m", number_text(cx, minutes % 60));
    return msg_fill(cx,
                    minutes % 60 == 0 ? STR("desk.slip.hours")
                    : minutes < 60    ? STR("desk.slip.minutes")
                                      : STR("desk.slip.both"),
                    args);
}

/* One stay in a state; left NULL: it is there still. */
struct stay {
    const struct flow_state *state;
    const struct json *in, *left;
};

static void outcome_put(struct ctx *cx, struct json *o, int64_t used, int64_t limit, bool open)
{
    const char *key = !limit          ? "desk.slip.no_limit"
                      : used > limit  ? "desk.slip.over"
                      : open          ? "desk.slip.running"
                      : used == limit ? "desk.slip.on_time"
                                      : "desk.slip.early";
    json_put_str(cx->mem, o, "outcome", msg_get(cx->lang, str_from(key)));
    json_put_bool(cx->mem, o, "is_over", limit && used > limit);
}

/* The applicant's turns are nobody's working time. */
static void stay_put(struct ctx *cx, const struct dossier *d, const struct stay *s,
                     struct json *list)
{
    const struct calendar *cal = calendar_for(cx, d->unit);
    int64_t in = json_int(s->in, "time_us", 0);
    int64_t out = s->left ? json_int(s->left, "time_us", 0) : cx->now_us;
    int64_t used = calendar_minutes(cal, in, out), limit = (int64_t)s->state->within_wh * 60;
    bool theirs = s->state->by_applicant && !s->state->roles;
    struct json *o = json_push(list, json_new_obj(cx->mem));
    json_put_int(cx->mem, o, "n", (int64_t)list->n);
    json_put_str(cx->mem, o, "state_name", label_text(cx, s->state->name));
    json_put_str(cx->mem, o, "since_text", json_str(s->in, "time_text"));
    json_put_str(cx->mem, o, "giver", json_str(s->in, "by"));
    json_put_bool(cx->mem, o, "is_open", !s->left);
    json_put_str(cx->mem, o, "until_text", s->left ? json_str(s->left, "time_text") : STR(""));
    json_put_str(cx->mem, o, "taker", s->left ? json_str(s->left, "by") : STR(""));
    json_put_str(cx->mem, o, "act", s->left ? json_str(s->left, "text") : STR(""));
    json_put_bool(cx->mem, o, "is_theirs", theirs);
    json_put_str(cx->mem, o, "used", minutes_text(cx, used));
    json_put_str(cx->mem, o, "limit", limit ? minutes_text(cx, limit) : STR(""));
    outcome_put(cx, o, used, theirs ? 0 : limit, !s->left);
}

static void stays_put(struct ctx *cx, const struct dossier *d, struct json *v)
{
    struct stay now = {0};
    struct json *list = json_put(v, STR("steps"), json_new_arr(cx->mem));
    JSON_EACH (json_get(v, STR("timeline")), t) {
        const struct flow_state *to = flow_state_find(d->pack->flow, json_str(t, "to"));
        if (!to)
            continue;
        now.left = t;
        if (now.in)
            stay_put(cx, d, &now, list);
        now = (struct stay){to, t, NULL};
    }
    if (now.in && !now.state->is_end)
        stay_put(cx, d, &now, list);
}

static enum rc get_slip(struct ctx *cx, struct req *rq)
{
    struct dossier *d;
    struct json *v;
    TRY(desk_open(cx, rq, &d));
    if (!d)
        return RC_OK;
    TRY(dossier_view(cx, d, true, &v));
    struct str code = dossier_handle(cx, d);
    json_put_str(cx->mem, v, "title", msg_get(cx->lang, STR("desk.slip.title")));
    json_put_bool(cx->mem, v, "at_desk", true);
    json_put_str(cx->mem, v, "back", desk_path(cx, code, STR(""), STR("")));
    json_put_str(cx->mem, v, "printed", time_text(cx->mem, cx->now_us));
    stays_put(cx, d, v);
    return reply_page(cx, rq, "desk/slip", v);
}

static const struct param slip_params[] = {PARAM_CODE, {0}};

const struct route desk_slip_routes[] = {
    {GET, "/desk/dossier/{code}/slip", get_slip, CAP_CASE_READ, ROUTE_JOURNALS | ROUTE_NO_STORE,
     slip_params, "desk", "The control slip of a dossier", NULL},
    {0},
};
