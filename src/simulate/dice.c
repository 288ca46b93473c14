/* dice.c - random numbers that a seed fixes, and how long things take. */
#include <math.h>

#include "simulate/simulate_priv.h"

#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)
static const double NINE_IN_TEN = 1.2815515655446004; /* of the standard normal distribution */

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

struct sim_dice dice_of(uint64_t seed, uint64_t a, uint64_t b)
{
    uint64_t s = mix(seed + GOLDEN);
    s = mix(s ^ (a * GOLDEN + 1));
    return (struct sim_dice){mix(s ^ (b * GOLDEN + 2))};
}

double dice_unit(struct sim_dice *d)
{
    uint64_t z = mix(d->state += GOLDEN);
    return ((double)(z >> 11) + 0.5) * 0x1p-53;
}

/* Box and Muller; the second number is not kept, so that a draw is always two rolls. */
static double dice_normal(struct sim_dice *d)
{
    double u = dice_unit(d), v = dice_unit(d);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

static double triangular(double u, const struct sim_time *t)
{
    double width = t->c - t->a, left = width > 0 ? (t->b - t->a) / width : 0;
    if (u < left)
        return t->a + sqrt(u * width * (t->b - t->a));
    return t->c - sqrt((1 - u) * width * (t->c - t->b));
}

static double draw(struct sim_dice *d, const struct sim_time *t)
{
    switch (t->shape) {
    case SIM_FIXED:
        return t->a;
    case SIM_EXPONENTIAL:
        return -t->a * log(dice_unit(d));
    case SIM_LOGNORMAL:
        return t->a * exp(log(t->b / t->a) / NINE_IN_TEN * dice_normal(d));
    case SIM_TRIANGULAR:
        return triangular(dice_unit(d), t);
    case SIM_SAMPLES:
        return t->n ? t->v[(size_t)(dice_unit(d) * (double)t->n)] : 0;
    case SIM_NONE:
        break;
    }
    return 0;
}

int64_t dice_time(struct sim_dice *d, const struct sim_time *t)
{
    static const double most = 3650.0 * (double)DAY_US; /* a lognormal's tail has no end */
    double us = draw(d, t);
    return us <= 0 ? 0 : us >= most ? (int64_t)most : (int64_t)us;
}

/* -- spelling -- */

static const struct {
    const char *name;
    double us;
} units[] = {{"wd", 8.0 * HOUR_US}, {"wh", HOUR_US}, {"cd", DAY_US}, {"m", MINUTE_US}};
enum { UNITS = sizeof units / sizeof *units, NUMBER_MAX = 9 };

/* "1.5" with at most NUMBER_MAX digits. */
static bool number_parse(struct str s, double *ret)
{
    struct str whole, part = str_split(s, '.', &whole);
    int64_t a, b = 0;
    if (!whole.n || s.n > NUMBER_MAX || whole.p[0] == '-' || whole.p[0] == '+' ||
        !str_int(whole, &a))
        return false;
    if (part.p && (!part.n || part.p[0] == '-' || part.p[0] == '+' || !str_int(part, &b)))
        return false;
    *ret = (double)a + (part.n ? (double)b / pow(10, (double)part.n) : 0);
    return true;
}

static bool length_parse(struct str s, double *ret)
{
    for (size_t i = 0; i < UNITS; i++)
        if (str_ends(s, str_from(units[i].name))) {
            struct str n = str_cut(s, 0, s.n - str_from(units[i].name).n);
            if (!number_parse(n, ret) || *ret > 100000)
                return false;
            *ret *= units[i].us;
            return true;
        }
    return false;
}

static const struct {
    const char *name;
    size_t n;
} shapes[] = {[SIM_FIXED] = {"fixed", 1},
              [SIM_EXPONENTIAL] = {"exp", 1},
              [SIM_LOGNORMAL] = {"lognormal", 2},
              [SIM_TRIANGULAR] = {"triangular", 3}};

static bool is_sound(const struct sim_time *t)
{
    if (t->shape == SIM_LOGNORMAL)
        return t->a > 0 && t->b > t->a;
    return t->shape != SIM_TRIANGULAR || (t->a <= t->b && t->b <= t->c);
}

bool sim_time_parse(struct str s, struct sim_time *ret)
{
    struct str name, one, rest = str_split(s, ':', &name);
    double v[3] = {0};
    for (size_t k = SIM_FIXED; k <= SIM_TRIANGULAR; k++) {
        size_t n = 0;
        if (!str_eq(name, str_from(shapes[k].name)))
            continue;
        for (; rest.n && n < shapes[k].n; n++) {
            rest = str_split(rest, '/', &one);
            if (!length_parse(one, &v[n]))
                return false;
        }
        *ret = (struct sim_time){(enum sim_shape)k, v[0], v[1], v[2], NULL, 0};
        return n == shapes[k].n && !rest.n && is_sound(ret);
    }
    return false;
}

static struct str length_print(struct arena *mem, double us)
{
    if (us >= 2 * units[0].us)
        return str_fmt(mem, "%.3gwd", us / units[0].us);
    return us >= HOUR_US ? str_fmt(mem, "%.3gwh", us / HOUR_US)
                         : str_fmt(mem, "%.3gm", us / MINUTE_US);
}

struct str sim_time_print(struct arena *mem, const struct sim_time *t)
{
    double v[3] = {t->a, t->b, t->c};
    if (t->shape == SIM_NONE)
        return STR("fixed:0m");
    if (t->shape == SIM_SAMPLES) {
        struct str half = length_print(mem, t->v[t->n / 2]);
        return str_fmt(mem, "samples:%zu/%.*s/%.*s", t->n, STR_ARG(half),
                       STR_ARG(length_print(mem, t->v[t->n * 9 / 10])));
    }
    struct buf *b = buf_new(mem, 200);
    buf_fmt(b, "%s", shapes[t->shape].name);
    for (size_t i = 0; i < shapes[t->shape].n; i++)
        buf_fmt(b, "%c%.*s", i ? '/' : ':', STR_ARG(length_print(mem, v[i])));
    return buf_str(b);
}
