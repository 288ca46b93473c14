/* tale.c - a dossier's events read again: which of them give a letter, and what it then says. */
#include "letter/letter_priv.h"

/* The applicant is given no letter of a move that may still be taken back. */
static enum rc untold_hide(struct ctx *cx, struct tale *t)
{
    size_t kept = 0;
    if (!dossier_is_own(cx, t->d))
        return RC_OK;
    TRY(dossier_as_told(cx, t->d, &t->d));
    for (size_t i = 0; i < t->evs.n; i++)
        if (!t->d->told_seq || t->evs.v[i]->seq <= t->d->told_seq)
            t->evs.v[kept++] = t->evs.v[i];
    t->evs.n = kept;
    return RC_OK;
}

enum rc tale_read(struct ctx *cx, const struct dossier *d, struct tale *ret)
{
    struct tale t = {.d = d, .person = {.birth = INT32_MIN}};
    TRY(ledger_events_of(cx, EV_DOSSIER_SUBMITTED, EV_COUNT - 1, d->id.v, true, &t.evs));
    TRY(untold_hide(cx, &t));
    for (size_t i = 0; i < t.evs.n; i++) {
        const struct event *ev = t.evs.v[i];
        if (ev->kind == EV_DOSSIER_SUBMITTED)
            t.filed = ev;
        if (ev->kind == EV_DOSSIER_MOVED && json_bool(ev->facts, "first_receipt"))
            t.receipt = ev;
    }
    if (!t.filed)
        return FAIL(cx, CORRUPT, NULL, "dossier %lld: no beginning", (long long)d->id.v);
    if (!t.filed->secret)
        return FAIL(cx, GONE, "letter", "dossier %lld: erased", (long long)d->id.v);
    if (!d->is_anonymous)
        TRY(subject_get(cx, d->applicant, &t.person));
    *ret = t;
    return RC_OK;
}

/* -- causes -- */

bool is_undone(const struct tale *t, const struct event *ev)
{
    for (size_t i = 0; i < t->evs.n; i++)
        if (json_int(t->evs.v[i]->facts, "undoes", -1) == ev->seq)
            return true;
    return false;
}

static bool is_by_officer(const struct tale *t, const struct event *ev)
{
    return ev->actor.v && ev->actor.v != t->d->applicant.v;
}

/* LAW: ND61/2018 17, 19.4, 19.8, 19.9 - what must be told in writing. */
static bool gives(const struct tale *t, const struct event *ev, enum letter_form form)
{
    int64_t status = json_int(ev->facts, "status", 0);
    bool moved = ev->kind == EV_DOSSIER_MOVED;
    switch (form) {
    case LETTER_RECEIPT:
        return ev == t->receipt;
    case LETTER_SUPPLEMENT:
        return moved && status == STATUS_SUPPLEMENT && is_by_officer(t, ev) &&
               json_int(ev->facts, "status_from", 0) != STATUS_SUPPLEMENT;
    case LETTER_REFUSAL:
        return moved && (status == STATUS_NOT_RECEIVED || status == STATUS_STOPPED) &&
               is_by_officer(t, ev);
    case LETTER_APOLOGY:
        return ev->kind == EV_DOSSIER_REDATED &&
               str_eq(json_str(ev->facts, "cause"), STR("apology"));
    default:
        return false;
    }
}

static void cause_add(struct cause_list *list, struct cause c)
{
    c.nth = 1;
    for (size_t i = 0; i < list->n; i++)
        c.nth += str_eq(list->v[i].id, c.id);
    if (list->n < LETTERS_MAX - 1) /* the slip has its place */
        list->v[list->n++] = c;
}

static void own_causes(const struct tale *t, const struct event *ev, struct cause_list *list)
{
    struct str act = json_str(ev->facts, "act");
    JSON_EACH (t->d->pack->letters, own)
        JSON_EACH (json_get(own, STR("on")), on)
            if (ev->kind == EV_DOSSIER_MOVED && str_eq(on->s, act))
                cause_add(list, (struct cause){.own = own,
                                               .id = own->key,
                                               .symbol = json_str(own, "symbol"),
                                               .ev = ev});
}

/* What the control slip tells of: filing, moves, other units' answers, an apology. */
static bool is_step(const struct tale *t, const struct event *ev)
{
    switch (ev->kind) {
    case EV_DOSSIER_SUBMITTED:
    case EV_DOSSIER_MOVED:
    case EV_BRANCH_ANSWERED:
    case EV_BRANCH_ESCALATED:
        return !is_undone(t, ev);
    default:
        return gives(t, ev, LETTER_APOLOGY);
    }
}

void causes_of(struct ctx *cx, const struct tale *t, struct cause_list *ret)
{
    const struct event *step = t->filed;
    ret->n = 0;
    for (size_t i = 0; i < t->evs.n; i++) {
        const struct event *ev = t->evs.v[i];
        if (is_undone(t, ev))
            continue;
        step = is_step(t, ev) ? ev : step;
        for (enum letter_form f = LETTER_RECEIPT; f <= LETTER_APOLOGY; f++)
            if (gives(t, ev, f))
                cause_add(ret,
                          (struct cause){
                              .form = f, .id = form_id(f), .symbol = form_symbol(f), .ev = ev});
        own_causes(t, ev, ret);
    }
    ret->v[ret->n++] = (struct cause){.form = LETTER_SLIP,
                                      .id = form_id(LETTER_SLIP),
                                      .symbol = form_symbol(LETTER_SLIP),
                                      .ev = step,
                                      .nth = 1};
}

/* Before reception there is only the provisional code. */
static struct str code_at(const struct tale *t, const struct event *ev)
{
    return t->receipt && t->receipt->seq <= ev->seq ? json_str(t->receipt->facts, "code")
                                                    : t->d->track;
}

struct str cause_number(struct ctx *cx, const struct tale *t, const struct cause *c)
{
    struct str code = code_at(t, c->ev);
    return c->nth == 1
               ? str_fmt(cx->mem, "%.*s/%.*s", STR_ARG(code), STR_ARG(c->symbol))
               : str_fmt(cx->mem, "%.*s/%.*s-%d", STR_ARG(code), STR_ARG(c->symbol), c->nth);
}

/* -- fields -- */

static struct str document_name(struct ctx *cx, const struct pack *p, struct str id)
{
    for (size_t i = 0; i < p->ndocuments; i++)
        if (str_eq(p->documents[i].id, id))
            return label_text(cx, p->documents[i].name);
    struct str asked = form_file_title(cx, p->form, id);
    if (asked.p)
        return asked;
    return msg_get(cx->lang, str_fmt(cx->mem, "document.%.*s", STR_ARG(id)));
}

static struct json *item_add(struct ctx *cx, struct json *list, struct str name)
{
    struct json *o = json_push(list, json_new_obj(cx->mem));
    json_put_str(cx->mem, o, "n", str_fmt(cx->mem, "%zu", list->n));
    json_put_str(cx->mem, o, "name", name);
    return o;
}

static void paper_add(struct ctx *cx, struct json *list, struct str name)
{
    JSON_EACH (list, p)
        if (str_eq(json_str(p, "name"), name)) {
            int64_t files = json_int(p, "files", 1) + 1;
            json_put_int(cx->mem, p, "files", files);
            json_put_str(cx->mem, p, "copies", number_text(cx, files));
            return;
        }
    struct json *o = item_add(cx, list, name);
    json_put_int(cx->mem, o, "files", 1);
    json_put_str(cx->mem, o, "copies", STR("1"));
}

/* The form that was filled in is a paper of the dossier; the office's own result is none. */
static void papers_put(struct ctx *cx, const struct tale *t, const struct cause *c,
                       struct json *fields)
{
    struct json *list = json_get(fields, STR("papers"));
    paper_add(cx, list, msg_get(cx->lang, STR("letter.paper.form")));
    for (size_t i = 0; i < t->evs.n; i++) {
        const struct event *ev = t->evs.v[i];
        if (ev->seq > c->ev->seq)
            break;
        JSON_EACH (json_get(ev->facts, STR("papers")), p)
            if (!str_eq(json_str(p, "document"), STR("result")))
                paper_add(cx, list, document_name(cx, t->d->pack, json_str(p, "document")));
    }
}

static void person_put(struct ctx *cx, const struct tale *t, struct json *f)
{
    bool nobody = t->d->is_anonymous;
    json_put_str(cx->mem, f, "applicant",
                 nobody ? msg_get(cx->lang, STR("letter.anonymous")) : t->person.name);
    json_put_str(cx->mem, f, "phone", nobody ? STR("") : t->person.phone);
    json_put_str(cx->mem, f, "email", nobody ? STR("") : t->person.email);
}

static struct str limit_text(struct ctx *cx, const struct dossier *d)
{
    const struct flow *f = d->pack->flow;
    struct json *args = json_new_obj(cx->mem);
    if (!f->nclocks)
        return STR("");
    struct budget b = flow_clock_budget(&f->clocks[0], d->entries);
    json_put_int(cx->mem, args, "n", b.n);
    return msg_fill(cx,
                    b.n == 0        ? STR("letter.limit.same_day")
                    : b.unit == 'c' ? STR("letter.limit.cd")
                    : b.unit == 'h' ? STR("letter.limit.wh")
                                    : STR("letter.limit.wd"),
                    args);
}

static void day_put(struct ctx *cx, const struct event *ev, struct json *f, const char *fact,
                    const char *field)
{
    int64_t day = json_int(ev->facts, fact, INT32_MIN);
    if (day != INT32_MIN)
        json_put_str(cx->mem, f, field, letter_day(cx, (int32_t)day));
}

/* What the person is told: the promise, where the flow makes one, else the legal time; as it stood
 * at that step. Working hours end at a minute, all else with its day. */
static void due_put(struct ctx *cx, const struct tale *t, const struct event *ev,
                    struct json *f)
{
    const struct flow *flow = t->d->pack->flow;
    size_t told = 0;
    for (size_t i = 0; i < flow->nclocks; i++)
        if (str_eq(flow->clocks[i].id, STR("promise")))
            told = i;
    const struct json *end = json_at(json_get(ev->facts, STR("ends")), told);
    day_put(cx, ev, f, "due", "due");
    if (end && end->kind == JSON_INT)
        json_put_str(cx->mem, f, "due",
                     flow->clocks[told].budget.unit == 'h'
                         ? letter_moment(cx, end->i)
                         : letter_day(cx, day_of(end->i - 1)));
    day_put(cx, ev, f, "due_new", "due");
    day_put(cx, ev, f, "due_old", "due_was");
}

/* The slip may tell of a unit's answer: state and date stand as the last move left them, or an
 * apology. Every other letter tells of its own event. */
static const struct event *standing(const struct tale *t, const struct cause *c, bool with_date)
{
    const struct event *last = c->ev;
    if (c->form != LETTER_SLIP)
        return last;
    for (size_t i = 0; i < t->evs.n && t->evs.v[i]->seq <= c->ev->seq; i++) {
        const struct event *ev = t->evs.v[i];
        bool says = ev->kind == EV_DOSSIER_SUBMITTED || ev->kind == EV_DOSSIER_MOVED ||
                    (with_date && gives(t, ev, LETTER_APOLOGY));
        if (says && !is_undone(t, ev))
            last = ev;
    }
    return last;
}

static void service_put(struct ctx *cx, const struct tale *t, const struct cause *c,
                        struct json *f)
{
    const struct pack *p = t->d->pack;
    int64_t fee = json_int(t->filed->facts, "fee_vnd", 0);
    json_put_str(cx->mem, f, "code", code_at(t, c->ev));
    json_put_str(cx->mem, f, "number", cause_number(cx, t, c));
    json_put_str(cx->mem, f, "service", label_text(cx, p->name));
    json_put_str(cx->mem, f, "procedure", p->procedure);
    json_put_str(cx->mem, f, "submitted", letter_moment(cx, t->filed->time_us));
    if (t->receipt && t->receipt->seq <= c->ev->seq)
        json_put_str(cx->mem, f, "received", letter_moment(cx, t->receipt->time_us));
    json_put_str(cx->mem, f, "limit", limit_text(cx, t->d));
    due_put(cx, t, standing(t, c, true), f);
    json_put_str(cx->mem, f, "fee",
                 fee ? money_text(cx, fee) : msg_get(cx->lang, STR("letter.free")));
}

/* What the officer wrote beside the act, and where it led. */
static void act_put(struct ctx *cx, const struct tale *t, const struct cause *c, struct json *f)
{
    static const char *const words[] = {"reason", "law", "answer"};
    const struct event *ev = standing(t, c, false);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (json_str(ev->secret, words[i]).n)
            json_put_str(cx->mem, f, words[i], json_str(ev->secret, words[i]));
    JSON_EACH (json_get(ev->secret, STR("items")), item)
        item_add(cx, json_get(f, STR("items")), item->s);
    const struct flow_state *to = flow_state_find(t->d->pack->flow, json_str(ev->facts, "to"));
    const struct flow_state *from =
        flow_state_find(t->d->pack->flow, json_str(ev->facts, "from"));
    if (to)
        json_put_str(cx->mem, f, "state", label_text(cx, to->name));
    if (to && to->appeal_cd)
        json_put_str(cx->mem, f, "appeal", number_text(cx, to->appeal_cd));
    if (from)
        json_put_str(cx->mem, f, "role", roles_text(cx, from->roles));
}

/* An office acts through a person; whoever was erased since is a role only. */
static enum rc officer_put(struct ctx *cx, const struct tale *t, const struct cause *c,
                           struct json *f)
{
    struct subject s;
    if (!is_by_officer(t, c->ev))
        return RC_OK;
    enum rc rc = subject_get(cx, c->ev->actor, &s);
    if (rc == RC_OK)
        json_put_str(cx->mem, f, "officer", s.name);
    ctx_clear(cx);
    return rc == RC_OK || rc == RC_GONE || rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* A pack's own placeholders: expressions over the answers as filed. */
static enum rc values_put(struct ctx *cx, const struct tale *t, struct json *f)
{
    const struct json *answers = json_get(t->filed->secret, STR("answers"));
    for (size_t i = 0; i < t->d->pack->nletter_values; i++) {
        const struct letter_value *v = &t->d->pack->letter_values[i];
        struct json *found = NULL;
        if (expr_eval(cx, v->expr, answers, &found) == RC_OK && found &&
            found->kind == JSON_STR)
            json_put_str(cx->mem, f, str_z(cx->mem, v->name), found->s);
        ctx_clear(cx);
    }
    return RC_OK;
}

enum rc tale_fields(struct ctx *cx, const struct tale *t, const struct cause *c,
                    struct json **ret)
{
    struct json *f = fields_new(cx, t->d->unit);
    json_put_str(cx->mem, f, "day", letter_day(cx, day_of(c->ev->time_us)));
    person_put(cx, t, f);
    service_put(cx, t, c, f);
    act_put(cx, t, c, f);
    papers_put(cx, t, c, f);
    TRY(officer_put(cx, t, c, f));
    TRY(values_put(cx, t, f));
    if (c->form == LETTER_SLIP)
        TRY(steps_put(cx, t, c, f));
    *ret = f;
    return RC_OK;
}
