/* view.c - a dossier in words: how far it is, who holds it, what happened, what comes next. */
#include "app/app.h"
#include "casework/casework_priv.h"
#include "gen/casework_sql.h"
#include "identity/delegation.h"
#include "store/store.h"

/* -- how far: the place on the flow's longest path that does not turn back -- */

struct path {
    const struct flow *f;
    bool seen[FLOW_STATES_MAX];
    unsigned place[FLOW_STATES_MAX]; /* in reverse postorder; an edge backwards is a return */
    const struct flow_state *order[FLOW_STATES_MAX];
    unsigned n;
};

static const struct flow_state *next_of(const struct flow_state *s, size_t i)
{
    return i < s->nacts ? s->acts[i].to : i == s->nacts ? s->after_to : NULL;
}

static void path_walk(struct path *p, const struct flow_state *s)
{
    p->seen[s->index] = true;
    for (size_t i = 0; i <= s->nacts; i++) {
        const struct flow_state *to = next_of(s, i);
        if (to && !p->seen[to->index])
            path_walk(p, to);
    }
    p->n--;
    p->place[s->index] = p->n;
    p->order[p->n] = s;
}

static void path_relax(const struct path *p, unsigned from, unsigned *depth, unsigned *rest)
{
    for (unsigned k = from; k < p->f->nstates; k++) {
        const struct flow_state *s = p->order[k];
        for (size_t i = 0; i <= s->nacts; i++) {
            const struct flow_state *to = next_of(s, i);
            if (to && p->place[to->index] > k && depth[to->index] < depth[s->index] + 1)
                depth[to->index] = depth[s->index] + 1;
        }
    }
    for (unsigned k = (unsigned)p->f->nstates; k-- > from;) {
        const struct flow_state *s = p->order[k];
        for (size_t i = 0; i <= s->nacts; i++) {
            const struct flow_state *to = next_of(s, i);
            if (to && p->place[to->index] > k && rest[s->index] < rest[to->index] + 1)
                rest[s->index] = rest[to->index] + 1;
        }
    }
}

static int64_t percent_of(const struct dossier *d)
{
    struct path p = {.f = d->pack->flow, .n = (unsigned)d->pack->flow->nstates};
    unsigned depth[FLOW_STATES_MAX] = {0}, rest[FLOW_STATES_MAX] = {0};
    if (d->state->is_end)
        return 100;
    path_walk(&p, p.f->start);
    path_relax(&p, p.n, depth, rest);
    unsigned at = depth[d->state->index] + 1, all = at + rest[d->state->index];
    return at * 100 / (all + (all == at));
}

/* -- the parts of a view -- */

static struct str status_name(struct ctx *cx, enum status s)
{
    return msg_get(cx->lang, str_fmt(cx->mem, "status.%d", (int)s));
}

static void time_put(struct ctx *cx, struct json *o, const char *key, int64_t us)
{
    if (us == TIME_NONE)
        return;
    json_put_str(cx->mem, o, key, time_iso(cx->mem, us));
    json_put_str(cx->mem, o, str_fmt(cx->mem, "%s_text", key).p, time_text(cx->mem, us));
}

/* Who must do something now: roles, the applicant, nobody. */
static struct str holder_text(struct ctx *cx, const struct dossier *d)
{
    const struct flow_state *s = d->state;
    if (s->is_end)
        return msg_get(cx->lang, STR("casework.holder.nobody"));
    if (!s->roles)
        return msg_get(cx->lang, s->by_applicant ? STR("casework.holder.applicant")
                                 : s->nbranches  ? STR("casework.holder.asked")
                                                 : STR("casework.holder.system"));
    struct buf *b = buf_new(cx->mem, 1000);
    for (int r = 0; r < ROLE_COUNT; r++) {
        if (!(s->roles & (1u << r)))
            continue;
        if (buf_str(b).n)
            buf_put(b, STR(", "));
        buf_put(b, role_label(cx, (enum role)r));
    }
    buf_put(b, STR(" – "));
    buf_put(b, unit_name(cx, d->at));
    return buf_str(b);
}

/* What is due: only while the clock runs or stood still for the applicant. */
static void due_put(struct ctx *cx, const struct dossier *d, struct json *o)
{
    if (d->due == INT32_MIN)
        return;
    bool paused = clock_is_paused(d);
    int32_t due = due_now(cx, d);
    int32_t left = dossier_days_left(cx, d);
    json_put_str(cx->mem, o, "due", day_iso(cx->mem, due));
    json_put_str(cx->mem, o, "due_text", day_text(cx->mem, due));
    json_put_int(cx->mem, o, "days_left", left);
    if (d->finished_us != TIME_NONE)
        return;
    struct json *args = json_new_obj(cx->mem);
    json_put_int(cx->mem, args, "n", left < 0 ? -left : left);
    bool over = clock_is_over(d, cx->now_us); /* on days off: by no working day yet */
    const char *key = paused     ? "casework.days.paused"
                      : left > 0 ? "casework.days.left"
                      : !over    ? "casework.days.today"
                      : left < 0 ? "casework.days.over"
                                 : "casework.days.just_over";
    json_put_str(cx->mem, o, "standing_text",
                 paused ? standing_text(cx, clock_begins_anew(d, 0), day_text(cx->mem, due))
                        : STR(""));
    json_put_bool(cx->mem, o, "is_over", over);
    json_put_bool(cx->mem, o, "is_today", !paused && !over && left == 0);
    json_put_str(cx->mem, o, "days_text", msg_fill(cx, str_from(key), args));
}

static struct str next_text(struct ctx *cx, const struct dossier *d)
{
    if (!d->state->is_end && !d->state->roles && d->state->by_applicant)
        return msg_get(cx->lang, STR("casework.next.applicant"));
    if (d->status == STATUS_RETURNED && d->rating)
        return msg_get(cx->lang, STR("casework.next.rated"));
    return msg_get(cx->lang, str_fmt(cx->mem, "casework.next.%d", (int)d->status));
}

struct json *dossier_row_view(struct ctx *cx, const struct dossier *d)
{
    struct arena *mem = cx->mem;
    struct json *o = json_new_obj(mem);
    bool has_key = d->is_anonymous && !dossier_is_own(cx, d); /* the track is another's key */
    json_put_str(mem, o, "code", dossier_handle(cx, d));
    json_put_str(mem, o, "track", has_key ? STR("") : d->track);
    json_put_int(mem, o, "id", d->id.v);
    json_put_str(mem, o, "name", label_text(cx, d->pack->name));
    json_put_str(mem, o, "procedure", d->pack->procedure);
    json_put_str(mem, o, "unit", unit_name(cx, d->unit));
    json_put_str(mem, o, "unit_code", d->unit->code);
    json_put_str(mem, o, "state", d->state->id);
    json_put_str(mem, o, "state_name", label_text(cx, d->state->name));
    json_put_int(mem, o, "status", d->status);
    json_put_str(mem, o, "status_name", status_name(cx, d->status));
    json_put_int(mem, o, "channel", d->channel);
    if (d->applicant_name.p)
        json_put_str(mem, o, "applicant_name", d->applicant_name);
    due_put(cx, d, o);
    json_put_bool(mem, o, "is_late", d->is_late || clock_is_over(d, cx->now_us));
    late_put(cx, d, o);
    json_put_bool(mem, o, "is_open", d->finished_us == TIME_NONE);
    json_put_bool(mem, o, "is_ended", d->state->is_end);
    json_put_bool(mem, o, "is_mine", cx->who && d->holder && d->holder == cx->who->account);
    json_put_str(mem, o, "holder", holder_text(cx, d));
    time_put(cx, o, "since", d->entered_us);
    time_put(cx, o, "submitted", d->submitted_us);
    time_put(cx, o, "received", d->received_us);
    json_put_str(mem, o, "next", next_text(cx, d));
    json_put_int(mem, o, "percent", percent_of(d));
    json_put_int(mem, o, "version", d->version);
    json_put_int(mem, o, "rating", d->rating);
    bool can_rate = dossier_is_own(cx, d) && d->finished_us != TIME_NONE && !d->rating;
    json_put_bool(mem, o, "can_rate", can_rate);
    return o;
}

enum rc dossier_public_view(struct ctx *cx, const struct dossier *d, struct json **ret)
{
    struct json *o = json_new_obj(cx->mem);
    TRY(dossier_as_told(cx, d, &d));
    json_put_str(cx->mem, o, "code", dossier_handle(cx, d));
    json_put_int(cx->mem, o, "status", d->status);
    json_put_str(cx->mem, o, "status_name", status_name(cx, d->status));
    json_put_int(cx->mem, o, "percent", percent_of(d));
    json_put_bool(cx->mem, o, "is_ended", d->state->is_end);
    *ret = o;
    return RC_OK;
}

/* -- timeline -- */

static const struct flow_act *act_of(const struct dossier *d, struct str state, struct str act)
{
    const struct flow_state *s = flow_state_find(d->pack->flow, state);
    for (size_t i = 0; s && i < s->nacts; i++)
        if (str_eq(s->acts[i].id, act))
            return &s->acts[i];
    return NULL;
}

/* "dossier.moved": the flow's own words; every other kind has the kernel's. */
static struct str entry_text(struct ctx *cx, const struct dossier *d,
                             const struct entries_of_row *e)
{
    enum event_kind kind = event_parse(e->kind);
    const struct flow_act *a = act_of(d, e->from_state, e->act);
    if (kind == EV_DOSSIER_MOVED && a)
        return label_text(cx, a->label);
    if (kind == EV_DOSSIER_MOVED && str_eq(e->act, STR("join")))
        return msg_get(cx->lang, STR("timeline.join"));
    struct str key = str_fmt(cx->mem, "timeline.%.*s", STR_ARG(e->kind));
    return msg_get(cx->lang, key);
}

/* What a unit said, or that it said nothing: the branch closed by this entry. */
static struct str branch_text(struct ctx *cx, const struct branch_list *all,
                              const struct entries_of_row *e)
{
    struct json *args = json_new_obj(cx->mem);
    for (size_t i = 0; i < all->n; i++) {
        const struct branch *b = &all->v[i];
        if (b->closed_seq != e->seq || !str_eq(b->fb->id, e->act))
            continue;
        struct json *v = branch_view(cx, NULL, b);
        json_put_str(cx->mem, args, "name", label_text(cx, b->fb->name));
        json_put_str(cx->mem, args, "outcome", json_str(v, "outcome_text"));
        return msg_fill(cx, STR("timeline.answered"), args);
    }
    return msg_get(cx->lang, STR("timeline.dossier.branch.answered"));
}

static bool is_escalation_of(const struct entries_of_row *e, const struct branch *b)
{
    return event_parse(e->kind) == EV_BRANCH_ESCALATED && e->detail.p &&
           str_eq(e->act, b->fb->id) && e->seq > b->seq && !e->is_undone;
}

/* That nobody answered in time, and who is asked now. An office may be asked again later: the
 * question meant is the last before the entry. */
static enum rc escalated_text(struct ctx *cx, const struct branch_list *all,
                              const struct entries_of_row *e, struct str *ret)
{
    const struct branch *of = NULL;
    for (size_t i = 0; i < all->n; i++)
        if (all->v[i].is_escalated && is_escalation_of(e, &all->v[i]))
            of = &all->v[i];
    return of ? branch_escalated_text(cx, of, e->detail, ret) : RC_OK;
}

/* Who was asked by this entry, until when: as it was then, whoever was asked later. */
static enum rc others_put(struct ctx *cx, const struct branch_list *all,
                          const struct entries_of_rows *rows, int64_t seq, struct json *t)
{
    struct json *list = json_put(t, STR("others"), json_new_arr(cx->mem));
    for (size_t i = 0; i < all->n; i++) {
        struct branch b = all->v[i];
        struct str detail = STR_NULL;
        if (b.seq != seq)
            continue;
        for (size_t k = 0; k < rows->n && !detail.p; k++)
            if (is_escalation_of(&rows->v[k], &b))
                detail = rows->v[k].detail;
        TRY(branch_as_asked(cx, detail, &b));
        json_push(list, branch_view(cx, NULL, &b));
    }
    return RC_OK;
}

/* "Trần Thị B (ký thay Nguyễn Văn A)" */
static struct str for_other_text(struct ctx *cx, struct str name, int64_t delegation)
{
    struct delegation d;
    struct json *args = json_new_obj(cx->mem);
    if (delegation_get(cx, delegation, &d) != RC_OK) {
        ctx_clear(cx);
        return name;
    }
    json_put_str(cx->mem, args, "name", name);
    json_put_str(cx->mem, args, "other", d.from_name);
    return msg_fill(cx, STR("casework.by.delegate"), args);
}

static struct str actor_text(struct ctx *cx, const struct dossier *d,
                             const struct entries_of_row *e, bool for_officer)
{
    struct subject s;
    int64_t actor = e->actor;
    const struct unit *u = e->unit ? unit_of(cx, (struct unit_id){e->unit}) : d->unit;
    if (!actor)
        return msg_get(cx->lang, STR("casework.by.system"));
    if (actor == d->applicant.v)
        return msg_get(cx->lang, STR("casework.by.applicant"));
    if (!for_officer || subject_get(cx, (struct subject_id){actor}, &s) != RC_OK) {
        ctx_clear(cx);
        return unit_name(cx, u ? u : d->unit);
    }
    if (e->unit && u)
        s.name = str_fmt(cx->mem, "%.*s – %.*s", STR_ARG(s.name), STR_ARG(unit_name(cx, u)));
    return e->delegation ? for_other_text(cx, s.name, e->delegation) : s.name;
}

/* An answer that waits for its approval is the office's own until there is a result. */
static enum rc words_put(struct ctx *cx, struct str text, bool for_officer, bool with_answer,
                         struct json *o)
{
    static const char *const all[] = {"reason", "law", "items", "answer"};
    static const char *const internal[] = {"comment", "note"};
    struct json *w = NULL;
    if (!text.p)
        return RC_OK;
    TRY(json_parse(cx, text, &w));
    for (size_t i = 0; i < (with_answer ? 4 : 3); i++)
        if (json_get(w, str_from(all[i])))
            json_put(o, str_from(all[i]), json_copy(cx->mem, json_get(w, str_from(all[i]))));
    for (size_t i = 0; i < 2 && for_officer; i++)
        if (json_get(w, str_from(internal[i])))
            json_put(o, str_from(internal[i]),
                     json_copy(cx->mem, json_get(w, str_from(internal[i]))));
    return RC_OK;
}

static bool entry_is_inner(enum event_kind kind, const struct entries_of_row *e)
{
    if (kind == EV_DOSSIER_NOTED || kind == EV_DOSSIER_ASSIGNED)
        return true;
    if (kind == EV_DOSSIER_REDATED) /* when officers are reminded is the office's own matter */
        return str_has(e->detail, STR("\"clock\":\"warning\""));
    return kind == EV_DOSSIER_WARNED && !e->told;
}

/* The applicant sees neither the office's notes nor what was taken back in time; who is only
 * asked sees no notes. */
static bool entry_is_hidden(const struct dossier *d, const struct entries_of_row *e,
                            bool for_officer)
{
    enum event_kind kind = event_parse(e->kind);
    if (kind == EV_DOSSIER_NOTED && d->is_asked)
        return true;
    if (for_officer)
        return false;
    if (d->told_seq && e->seq > d->told_seq)
        return true;
    return e->is_undone || kind == EV_DOSSIER_UNDONE || entry_is_inner(kind, e);
}

static enum rc timeline_put(struct ctx *cx, const struct dossier *d, bool for_officer,
                            const struct branch_list *branches, struct json *o)
{
    struct entries_of_rows rows = {0};
    TRY(sql_entries_of(cx, d->id.v, &rows));
    struct json *list = json_put(o, STR("timeline"), json_new_arr(cx->mem));
    for (size_t i = 0; i < rows.n; i++) {
        const struct entries_of_row *e = &rows.v[i];
        enum event_kind kind = event_parse(e->kind);
        if (entry_is_hidden(d, e, for_officer))
            continue;
        struct json *t = json_push(list, json_new_obj(cx->mem));
        json_put_str(cx->mem, t, "kind", e->kind);
        struct str text =
            kind == EV_BRANCH_ANSWERED ? branch_text(cx, branches, e) : entry_text(cx, d, e);
        if (kind == EV_BRANCH_ESCALATED)
            TRY(escalated_text(cx, branches, e, &text));
        json_put_str(cx->mem, t, "text", text);
        json_put_bool(cx->mem, t, "is_undone", e->is_undone != 0);
        TRY(others_put(cx, branches, &rows, e->seq, t));
        time_put(cx, t, "time", e->time_us);
        json_put_int(cx->mem, t, "time_us", e->time_us);
        json_put_str(cx->mem, t, "from", e->from_state);
        json_put_str(cx->mem, t, "to", e->to_state);
        json_put_str(cx->mem, t, "by", actor_text(cx, d, e, for_officer));
        const struct flow_state *to = flow_state_find(d->pack->flow, e->to_state);
        if (to)
            json_put_str(cx->mem, t, "state_name", label_text(cx, to->name));
        json_put_int(cx->mem, t, "seq", e->seq);
        bool with_answer = for_officer || e->told || d->finished_us != TIME_NONE;
        bool internal = (for_officer && !d->is_asked) || kind == EV_BRANCH_ANSWERED;
        TRY(words_put(cx, e->words, internal, with_answer, t));
        json_put_str(cx->mem, t, "detail", STR(""));
        if (for_officer || kind != EV_DOSSIER_WARNED)
            TRY(detail_put(cx, e->kind, e->detail, t));
    }
    return RC_OK;
}

/* -- acts and files -- */

static void input_put(struct ctx *cx, struct json *list, const char *name, const char *kind,
                      bool required)
{
    struct json *in = json_push(list, json_new_obj(cx->mem));
    struct str label = str_fmt(cx->mem, "input.%s", name);
    json_put_str(cx->mem, in, "name", str_from(name));
    json_put_str(cx->mem, in, "label", msg_get(cx->lang, label));
    json_put_bool(cx->mem, in, "required", required);
    json_put_bool(cx->mem, in, kind, true);
}

static void inputs_put(struct ctx *cx, const struct flow_act *a, struct json *o)
{
    static const struct {
        enum act_input bit;
        const char *name, *kind;
    } all[] = {{IN_REASON, "reason", "is_text"},  {IN_ITEMS, "items", "is_items"},
               {IN_LAW, "law", "is_text"},        {IN_ANSWER, "answer", "is_text"},
               {IN_RESULT, "result", "is_file"},  {IN_RATING, "rating", "is_rating"},
               {IN_COMMENT, "comment", "is_text"}};
    struct json *list = json_put(o, STR("inputs"), json_new_arr(cx->mem));
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if ((a->need | a->may) & all[i].bit)
            input_put(cx, list, all[i].name, all[i].kind, (a->need & all[i].bit) != 0);
}

static enum rc acts_put(struct ctx *cx, const struct dossier *d, struct json *o)
{
    size_t n = 0;
    const struct flow_act *acts[FLOW_ACTS_MAX];
    TRY(dossier_acts(cx, d, acts, &n));
    struct json *list = json_put(o, STR("acts"), json_new_arr(cx->mem));
    for (size_t i = 0; i < n; i++) {
        struct json *a = json_push(list, json_new_obj(cx->mem));
        struct str tone = acts[i]->tone.n ? acts[i]->tone : STR("secondary");
        json_put_str(cx->mem, a, "id", acts[i]->id);
        json_put_str(cx->mem, a, "label", label_text(cx, acts[i]->label));
        json_put_str(cx->mem, a, "tone", tone);
        json_put_bool(cx->mem, a, str_fmt(cx->mem, "is_%.*s", STR_ARG(tone)).p, true);
        inputs_put(cx, acts[i], a);
    }
    return RC_OK;
}

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

struct str file_size_text(struct ctx *cx, int64_t bytes)
{
    int64_t kb = (bytes + 1023) / 1024;
    return kb < 1024 ? str_fmt(cx->mem, "%lld KB", (long long)kb)
                     : str_fmt(cx->mem, "%lld MB", (long long)((kb + 1023) / 1024));
}

static enum rc files_put(struct ctx *cx, const struct dossier *d, struct json *o)
{
    struct file_list files = {0};
    TRY(dossier_files(cx, d, &files));
    struct json *list = json_put(o, STR("files"), json_new_arr(cx->mem));
    for (size_t i = 0; i < files.n; i++) {
        const struct file *f = &files.v[i];
        struct json *v = json_push(list, json_new_obj(cx->mem));
        json_put_int(cx->mem, v, "id", f->id.v);
        json_put_str(cx->mem, v, "document", f->document);
        json_put_str(cx->mem, v, "document_name", document_name(cx, d->pack, f->document));
        json_put_str(cx->mem, v, "name", f->name.p ? f->name : STR("-"));
        json_put_str(cx->mem, v, "mime", f->mime);
        json_put_bool(cx->mem, v, "is_image", str_starts(f->mime, STR("image/")));
        json_put_int(cx->mem, v, "size", f->size);
        json_put_str(cx->mem, v, "size_text", file_size_text(cx, f->size));
        json_put_str(cx->mem, v, "sha256", hash_hex(cx->mem, &f->digest));
    }
    return RC_OK;
}

static enum rc holder_name_put(struct ctx *cx, const struct dossier *d, const char *key,
                               struct json *o)
{
    struct officer_list list = {0};
    TRY(officers_of(cx, d->at->id, &list));
    for (size_t i = 0; i < list.n; i++)
        if (list.v[i].account == d->holder)
            json_put_str(cx->mem, o, key, list.v[i].name);
    return RC_OK;
}

/* Who was asked as it was before events that are not told yet. */
static void branches_as_told(const struct dossier *d, struct branch_list *all)
{
    size_t kept = 0;
    for (size_t i = 0; d->told_seq && i < all->n; i++) {
        struct branch *b = &all->v[i];
        if (b->seq > d->told_seq)
            continue;
        if (!b->is_open && b->closed_seq > d->told_seq) {
            b->is_open = true;
            b->outcome = STR_NULL;
            b->closed_us = TIME_NONE;
        }
        all->v[kept++] = *b;
    }
    all->n = d->told_seq ? kept : all->n;
}

enum rc dossier_view(struct ctx *cx, const struct dossier *d, bool for_officer,
                     struct json **ret)
{
    const struct dossier *now = d;
    if (!for_officer)
        TRY(dossier_as_told(cx, d, &d));
    struct json *o = dossier_row_view(cx, d);
    struct branch_list branches;
    bool told = for_officer || cx->app->settings.show_officer;
    if (told && d->holder && !d->state->is_end)
        TRY(holder_name_put(cx, d, for_officer ? "holder" : "officer", o));
    TRY(dossier_branches(cx, d, &branches));
    branches_as_told(d, &branches);
    TRY(branches_put(cx, d, &branches, o));
    json_put_bool(cx->mem, o, "is_asked", d->is_asked);
    TRY(timeline_put(cx, d, for_officer, &branches, o));
    TRY(acts_put(cx, now, o));
    TRY(files_put(cx, d, o));
    *ret = o;
    return RC_OK;
}

/* -- notices and the public page -- */

static struct str items_text(struct ctx *cx, const struct json *items)
{
    struct buf *b = buf_new(cx->mem, JSON_BYTES_MAX);
    JSON_EACH (items, i) {
        if (i != items->first)
            buf_put(b, STR("; "));
        buf_put(b, i->s);
    }
    return buf_str(b);
}

static enum rc notice_args(struct ctx *cx, const struct dossier *d,
                           const struct notice_page_row *r, struct json **ret)
{
    struct json *w = NULL, *o = json_new_obj(cx->mem);
    const struct flow_state *to = flow_state_find(d->pack->flow, r->to_state);
    if (r->words.p)
        TRY(json_parse(cx, r->words, &w));
    bool at_first = event_parse(r->kind) == EV_DOSSIER_SUBMITTED;
    json_put_str(cx->mem, o, "code", at_first ? d->track : d->code);
    json_put_str(cx->mem, o, "service", label_text(cx, d->pack->name));
    json_put_str(cx->mem, o, "unit", unit_name(cx, d->unit));
    json_put_str(cx->mem, o, "state", to ? label_text(cx, to->name) : STR(""));
    json_put_str(cx->mem, o, "reason",
                 json_get(w, STR("reason")) ? json_str(w, "reason") : STR("—"));
    json_put_str(cx->mem, o, "law", json_get(w, STR("law")) ? json_str(w, "law") : STR("—"));
    json_put_str(cx->mem, o, "answer",
                 json_get(w, STR("answer")) ? json_str(w, "answer") : STR("—"));
    json_put_str(cx->mem, o, "items", items_text(cx, json_get(w, STR("items"))));
    *ret = o;
    return detail_put(cx, r->kind, r->detail, o);
}

/* The pack's words for the act, or the kernel's for the kind of event. */
static struct str notice_words(struct ctx *cx, const struct dossier *d,
                               const struct notice_page_row *r, const char *part)
{
    const struct json *all = json_get(d->pack->messages, STR("messages"));
    const struct json *m = json_get(all ? all : d->pack->messages, r->act);
    if (json_get(m, str_from(part)))
        return label_text(cx, json_get(m, str_from(part)));
    return msg_get(cx->lang, str_fmt(cx->mem, "notice.%.*s.%s", STR_ARG(r->kind), part));
}

/* A notice says for ever what it said: the day is that of its event, which is read only for it. */
static enum rc notice_put(struct ctx *cx, const struct dossier *d,
                          const struct notice_page_row *r, struct json *o)
{
    struct json *args = NULL;
    struct str due, title = notice_words(cx, d, r, "title"),
                    text = notice_words(cx, d, r, "text");
    TRY(notice_args(cx, d, r, &args));
    if (str_has(title, STR("{due}")) || str_has(text, STR("{due}"))) {
        TRY(due_said(cx, d, r->seq, &due));
        json_put_str(cx->mem, args, "due", due);
    }
    json_put_str(cx->mem, o, "title", text_fill(cx->mem, title, args));
    json_put_str(cx->mem, o, "text", text_fill(cx->mem, text, args));
    return RC_OK;
}

enum rc notices_of(struct ctx *cx, struct subject_id who, int64_t before, size_t limit,
                   struct json **ret)
{
    struct notice_page_rows rows = {0};
    struct json *list = json_new_arr(cx->mem);
    TRY(sql_notice_page(cx, who.v, before ? before : INT64_MAX,
                        (int64_t)(limit && limit < LIST_MAX ? limit : LIST_MAX), cx->now_us,
                        &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct notice_page_row *r = &rows.v[i];
        struct dossier *now = NULL;
        const struct dossier *d;
        struct json *o = json_push(list, json_new_obj(cx->mem));
        TRY(dossier_get(cx, r->dossier, &now));
        TRY(dossier_as_told(cx, now, &d));
        time_put(cx, o, "time", r->time_us);
        json_put_str(cx->mem, o, "code", d->code);
        TRY(notice_put(cx, d, r, o));
        json_put_bool(cx->mem, o, "is_late",
                      event_parse(r->kind) == EV_NOTICE_SENT ||
                          event_parse(r->kind) == EV_DOSSIER_WARNED);
        json_put_int(cx->mem, o, "seq", r->seq);
    }
    *ret = list;
    return RC_OK;
}

static struct json *answer_view(struct ctx *cx, const struct answer_page_row *r)
{
    const struct pack *p = pack_version(cx, r->pack);
    const struct unit *u = unit_of(cx, (struct unit_id){r->unit});
    struct json *o = json_new_obj(cx->mem);
    json_put_str(cx->mem, o, "code", r->code);
    json_put_str(cx->mem, o, "name", p ? label_text(cx, p->name) : r->pack);
    json_put_str(cx->mem, o, "unit", u ? unit_name(cx, u) : STR("—"));
    json_put_str(cx->mem, o, "day", day_text(cx->mem, day_of(r->published_us)));
    json_put_str(cx->mem, o, "answer", r->answer);
    json_put_int(cx->mem, o, "seq", r->seq);
    return o;
}

enum rc public_answers(struct ctx *cx, struct str pack, int64_t before, size_t limit,
                       struct json **ret)
{
    struct answer_page_rows rows = {0};
    struct json *list = json_new_arr(cx->mem);
    struct str like = pack.n ? str_join(cx->mem, pack, STR("@%")) : STR("");
    TRY(sql_answer_page(cx, like, before ? before : INT64_MAX,
                        (int64_t)(limit && limit < LIST_MAX ? limit : LIST_MAX), &rows));
    for (size_t i = 0; i < rows.n; i++)
        json_push(list, answer_view(cx, &rows.v[i]));
    *ret = list;
    return RC_OK;
}

enum rc public_answer_get(struct ctx *cx, struct str code, struct json **ret)
{
    struct answer_by_code_row *r = NULL;
    TRY(sql_answer_by_code(cx, code, &r));
    if (!r)
        return FAIL(cx, NOT_FOUND, "code", "no published answer");
    const struct answer_page_row row = {r->seq,  r->unit,         r->pack,
                                        r->code, r->published_us, r->answer};
    *ret = answer_view(cx, &row);
    return RC_OK;
}

/* -- who looked -- */

static enum rc look_view(struct ctx *cx, const struct look_page_row *r, struct json *o)
{
    struct dossier *d = NULL;
    const struct unit *u = unit_of(cx, (struct unit_id){r->unit});
    if (r->dossier)
        TRY(dossier_get(cx, r->dossier, &d));
    time_put(cx, o, "time", r->time_us);
    json_put_bool(cx->mem, o, "has_dossier", d != NULL);
    json_put_str(cx->mem, o, "code", d ? d->code : STR(""));
    json_put_str(cx->mem, o, "name",
                 d ? label_text(cx, d->pack->name)
                   : msg_get(cx->lang, STR("casework.look.counter")));
    json_put_str(cx->mem, o, "unit", u ? unit_name(cx, u) : STR("—"));
    json_put_str(cx->mem, o, "purpose", r->purpose);
    json_put_str(cx->mem, o, "law", r->law);
    json_put_int(cx->mem, o, "seq", r->seq);
    return RC_OK;
}

enum rc reads_of(struct ctx *cx, struct subject_id who, int64_t before, size_t limit,
                 struct json **ret)
{
    struct look_page_rows rows = {0};
    struct json *list = json_new_arr(cx->mem);
    if (!cx->who || !cx->who->account || cx->who->subject.v != who.v)
        return FAIL(cx, NOT_FOUND, NULL, "somebody else's journal");
    TRY(sql_look_page(cx, who.v, before ? before : INT64_MAX,
                      (int64_t)(limit && limit < LIST_MAX ? limit : LIST_MAX), &rows));
    for (size_t i = 0; i < rows.n; i++)
        TRY(look_view(cx, &rows.v[i], json_push(list, json_new_obj(cx->mem))));
    *ret = list;
    return RC_OK;
}
