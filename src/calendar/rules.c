/* rules.c - office hours and the cut-off: of the settings, and as rows of a list say them. */
#include "calendar/calendar_priv.h"

#include "app/app.h"

bool clock_parse(struct str s, int64_t *ret)
{
    int64_t hour = 0, minute = 0;
    bool ok = s.n == 5 && s.p[2] == ':' && str_int(str_cut(s, 0, 2), &hour) &&
              str_int(str_cut(s, 3, 5), &minute) && hour >= 0 && minute >= 0 && minute < 60 &&
              hour * 60 + minute <= 24 * 60;
    if (ok)
        *ret = (hour * 60 + minute) * MINUTE_US;
    return ok;
}

bool hours_parse(struct str s, struct calendar_rules *ret)
{
    struct calendar_rules r = *ret;
    int64_t last = 0;
    size_t n = 0;
    for (struct str rest = str_trim(s), one, from; rest.n && n < CAL_SPANS; n++) {
        rest = str_split(rest, ' ', &one);
        struct str to = str_split(one, '-', &from);
        if (!clock_parse(from, &r.from_us[n]) || !clock_parse(to, &r.to_us[n]) ||
            r.from_us[n] < last || r.from_us[n] >= r.to_us[n])
            return false;
        last = r.to_us[n];
        if (n + 1 == CAL_SPANS && rest.n)
            return false;
    }
    for (size_t i = n; n && i < CAL_SPANS; i++)
        r.from_us[i] = r.to_us[i] = last; /* no noon break: nothing after it */
    if (n)
        *ret = r;
    return n > 0;
}

enum rc rules_of(struct ctx *cx, struct calendar_rules *ret)
{
    struct settings standard;
    const struct settings *s = cx->app ? &cx->app->settings : &standard;
    settings_default(&standard);
    if (!s->office_close_minute) /* an app made by a test: no settings at all */
        s = &standard;
    *ret = (struct calendar_rules){
        s->cutoff_minute * MINUTE_US,
        {s->office_open_minute * MINUTE_US, s->lunch_end_minute * MINUTE_US},
        {s->lunch_minute * MINUTE_US, s->office_close_minute * MINUTE_US}};
    if (ret->from_us[0] > ret->to_us[0] || ret->to_us[0] > ret->from_us[1] ||
        ret->from_us[1] >= ret->to_us[1])
        return FAIL(cx, INVALID, "office_open_minute",
                    "office_open, lunch, lunch_end and office_close are not in order");
    return RC_OK;
}
