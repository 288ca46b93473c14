/* test_base_edges.c - arenas that end, buffers that are full, text at its borders, odd days. */
#include "unit/harness.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/ctx.h"
#include "base/map.h"

/* -- arenas -- */

static int trace[16], traced;

static void trace_close(void *arg)
{
    trace[traced++ % 16] = *(int *)arg;
}

static void closers(void **state)
{
    static int ids[] = {1, 2, 3};
    struct arena *mem = arena_new(1 << 20);
    traced = 0;
    for (int i = 0; i < 3; i++)
        arena_on_free(mem, trace_close, &ids[i]);
    arena_reset(mem);
    assert_int_equal(traced, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(trace[i], 3 - i); /* last opened, first closed */
    arena_reset(mem);
    arena_on_free(mem, trace_close, &ids[1]);
    arena_free(mem);
    assert_int_equal(traced, 4); /* each once */
    arena_free(NULL);
}

/* A child ends with its parent, once, before what was opened earlier. */
static void children(void **state)
{
    static int ids[] = {1, 2, 3, 4};
    struct arena *mem = arena_new(1 << 20);
    for (int round = 0; round < 2; round++) {
        traced = 0;
        arena_on_free(mem, trace_close, &ids[0]);
        struct arena *child = arena_child(mem, 1 << 16), *below = arena_child(child, 1 << 17);
        arena_on_free(child, trace_close, &ids[1]);
        arena_on_free(below, trace_close, &ids[2]);
        arena_on_free(mem, trace_close, &ids[3]);
        arena_alloc(below, 100000);
        arena_reset(below); /* what it took may be taken again */
        assert_int_equal(arena_used(below), 0);
        arena_alloc(below, 90000);
        assert_int_equal(traced, 1);
        if (round == 0)
            arena_reset(mem);
        else
            arena_free(mem);
        assert_int_equal(traced, 4);
        for (int i = 0; i < 4; i++)
            assert_int_equal(trace[i], ((int[]){3, 4, 2, 1})[i]);
    }
}

/* Over the child's limit, or without a page: as far as whoever runs the parent's work, also after
 * the child was reset; unless the child has a place of its own to go to. */
static void child_escapes(void **state)
{
    static const struct {
        size_t limit, take;
        unsigned fail; /* this page of the system */
        bool reset, own;
    } rows[] = {
        {1 << 16, 1 << 16, 0, false, false},        {1 << 16, 1 << 16, 0, true, false},
        {1 << 16, 1 << 16, 0, false, true},         {1 << 20, 1 << 19, 2, false, false},
        {1 << 20, 1 << 19, 1, false, false},        /* not even its first */
        {(size_t)1 << 30, 1 << 21, 0, true, false}, /* none: it may have more than its parent */
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *mem = arena_new(1 << 20);
        jmp_buf out, nearer;
        volatile bool is_near = false, is_far = false;
        if (setjmp(out) != 0)
            is_far = true;
        else if (setjmp(nearer) != 0)
            is_near = true;
        else {
            arena_escape_set(mem, &out);
            arena_fail_page(rows[i].fail);
            struct arena *child = arena_child(arena_child(mem, 1 << 16), rows[i].limit);
            if (rows[i].own)
                arena_escape_set(child, &nearer);
            if (rows[i].reset)
                arena_reset(child);
            memset(arena_alloc(child, rows[i].take), 'x', rows[i].take);
        }
        arena_fail_page(0);
        assert_int_equal(is_near, rows[i].own);
        assert_int_equal(is_far, i + 1 < ROWS(rows) && !rows[i].own);
        arena_escape_set(mem, NULL);
        arena_free(mem);
    }
}

/* What was opened is closed even when there is no room to remember it. */
static void closer_without_room(void **state)
{
    static int id = 7;
    struct arena *mem = arena_new(1 << 20);
    jmp_buf out;
    traced = 0;
    if (setjmp(out) == 0) {
        arena_escape_set(mem, &out);
        arena_fail_page(1);
        for (int i = 0; i < 100000; i++)
            arena_on_free(mem, trace_close, &id), traced = 0;
        fail_msg("no page failed");
    }
    assert_int_equal(traced, 1);
    assert_int_equal(arena_fail_page(0), 0); /* it struck */
    arena_escape_set(mem, NULL);
    arena_reset(mem);
    traced = 0;
    arena_free(mem);
    assert_int_equal(traced, 0);
}

static bool escapes(struct arena *mem, size_t n, size_t each)
{
    jmp_buf out;
    if (setjmp(out) != 0)
        return true;
    arena_escape_set(mem, &out);
    arena_alloc_n(mem, n, each);
    return false;
}

static void ceilings(void **state)
{
    static const struct {
        size_t n, each;
        bool out;
    } rows[] = {
        {0, 8, false},
        {8, 0, false},
        {SIZE_MAX, 0, false},
        {1, 1 << 19, false},
        {1, 1 << 20, true},
        {SIZE_MAX, 1, true},
        {SIZE_MAX - 7, 1, true},
        {SIZE_MAX / 2 + 1, 2, true},
        {SIZE_MAX / 8 + 2, 8, true},
        {(size_t)1 << 32, (size_t)1 << 32, true},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct arena *mem = arena_new(1 << 20);
        if (escapes(mem, rows[i].n, rows[i].each) != rows[i].out)
            fail_msg("row %zu", i);
        char *after = arena_alloc(mem, 16); /* usable still */
        assert_int_equal(after[15], 0);
        arena_free(mem);
    }
}

static void alignments(void **state)
{
    struct arena *mem = arena_new(8 << 20);
    for (size_t n = 0; n < 20000; n += n < 100 ? 1 : 997) {
        char *p = arena_alloc(mem, n), *q = arena_alloc(mem, 1);
        assert_int_equal((uintptr_t)p % 16, 0);
        memset(p, 'x', n);
        assert_int_equal(*q, 0); /* not what p wrote */
    }
    size_t used = arena_used(mem);
    arena_alloc(mem, 160);
    assert_int_equal(arena_used(mem), used + 160);
    arena_free(mem);
}

/* How many pages there were before one was refused. */
static int pages_until_fault(struct arena *mem)
{
    volatile int pages = 0;
    jmp_buf out;
    if (setjmp(out) == 0) {
        arena_escape_set(mem, &out);
        for (; pages < 9; pages++)
            arena_alloc(mem, 16 * 1024);
    }
    arena_escape_set(mem, NULL);
    return pages;
}

/* The n-th page from now and no other; the count is this thread's. */
static void page_faults(void **state)
{
    for (unsigned n = 1; n <= 3; n++) {
        struct arena *mem = arena_new(8 << 20);
        assert_int_equal(arena_fail_page(n), 0);
        assert_int_equal(pages_until_fault(mem), n - 1);
        assert_int_equal(pages_until_fault(mem), 9);
        arena_free(mem);
    }
    arena_fail_page(9);
    assert_int_equal(arena_fail_page(0), 9); /* what was left */
}

/* -- buffers -- */

static void full_buffers(void **state)
{
    char text[2000];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = 0;
    struct buf *none = buf_new(*state, 0);
    buf_put(none, STR(""));
    assert_false(none->over);
    assert_str(buf_str(none), "");
    buf_putc(none, 'x');
    assert_true(none->over && buf_str(none).n == 0);
    static const struct {
        size_t max;
        bool over;
    } rows[] = {{1999, false}, {1998, true}, {1 << 20, false}, {511, true}, {0, true}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct buf *b = buf_new(*state, rows[i].max);
        buf_fmt(b, "%s", text); /* longer than any scratch */
        assert_int_equal(b->over, rows[i].over);
        assert_int_equal(b->n, rows[i].over ? 0 : 1999); /* whole or not at all */
        if (!rows[i].over)
            assert_memory_equal(b->p, text, 1999);
    }
    struct buf *b = buf_new(*state, 4);
    buf_put(b, STR("abc"));
    buf_put(b, STR("de"));
    buf_putc(b, 'f'); /* would fit, but what stands before it is missing */
    buf_fmt(b, "%d", 1);
    assert_true(b->over);
    assert_str(buf_str(b), "abc");
    for (size_t n = 500; n < 520; n++) { /* around the scratch of buf_fmt and the first room */
        b = buf_new(*state, 1 << 16);
        buf_fmt(b, "%.*s|", (int)n, text);
        assert_true(b->n == n + 1 && b->p[n] == '|');
    }
}

/* Numbers are written without printf: as printf would. */
static void numbers(void **state)
{
    static const int64_t rows[] = {
        0,         1,         -1,           9,    10,        -10,       99,
        100,       101,       -999,         1000, INT32_MAX, INT32_MIN, 1780246800000000,
        INT64_MAX, INT64_MIN, INT64_MIN + 1};
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct buf *b = buf_new(*state, 100), *none = buf_new(*state, 0);
        buf_putc(b, '<');
        buf_int(b, rows[i]);
        assert_true(str_eq(buf_str(b), str_fmt(*state, "<%lld", (long long)rows[i])));
        buf_int(none, rows[i]);
        assert_true(none->over && buf_str(none).n == 0);
    }
    struct buf *small = buf_new(*state, 3);
    buf_int(small, 100);
    assert_false(small->over);
    buf_int(small, 1); /* whole or not at all */
    assert_true(small->over);
    assert_str(buf_str(small), "100");
    small = buf_new(*state, 3);
    buf_int(small, -100);
    assert_true(small->over && buf_str(small).n == 0);
}

static void formats(void **state)
{
    char text[1000];
    memset(text, 'b', sizeof text);
    for (int n = 250; n < 262; n++) { /* around the scratch of str_fmt */
        struct str s = str_fmt(*state, "%.*s", n, text);
        assert_int_equal(s.n, n);
        assert_memory_equal(s.p, text, (size_t)n);
        assert_int_equal(s.p[n], 0);
    }
    assert_str(str_fmt(*state, "%s", ""), "");
}

/* -- text -- */

static void parts(void **state)
{
    static const struct {
        const char *s;
        size_t from, to;
        const char *cut, *skip;
    } rows[] = {
        {"abc", 0, 3, "abc", "abc"},
        {"abc", 1, 2, "b", "bc"},
        {"abc", 3, 9, "", ""},
        {"abc", 2, 1, "", "c"},
        {"abc", 9, 12, "", ""},
        {"", 0, 0, "", ""},
        {"", 5, 5, "", ""},
        {"abc", 0, SIZE_MAX, "abc", "abc"},
        {"abc", SIZE_MAX, SIZE_MAX, "", ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str s = str_from(rows[i].s);
        assert_str(str_cut(s, rows[i].from, rows[i].to), rows[i].cut);
        assert_str(str_skip(s, rows[i].from), rows[i].skip);
        assert_non_null(str_skip(s, rows[i].from).p);
    }
    assert_int_equal(str_cut(STR_NULL, 1, 2).n, 0);
    assert_int_equal(str_skip(STR_NULL, 1).n, 0);
}

static void looks(void **state)
{
    static const struct {
        const char *s, *part;
        bool starts, ends, has;
    } rows[] = {
        {"abc", "abc", true, true, true},     {"abc", "ab", true, false, true},
        {"abc", "bc", false, true, true},     {"abc", "b", false, false, true},
        {"abc", "abcd", false, false, false}, {"abc", "", true, true, true},
        {"", "", true, true, true},           {"", "a", false, false, false},
        {"abc", "ac", false, false, false},   {"aab", "ab", false, true, true},
        {"ABC", "abc", false, false, false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct str s = str_from(rows[i].s), part = str_from(rows[i].part);
        assert_int_equal(str_starts(s, part), rows[i].starts);
        assert_int_equal(str_ends(s, part), rows[i].ends);
        assert_int_equal(str_has(s, part), rows[i].has);
    }
    assert_true(str_starts(STR_NULL, STR_NULL) && str_ends(STR_NULL, STR("")) &&
                str_has(STR_NULL, STR("")));
    assert_false(str_has(STR_NULL, STR("a")));
    assert_int_equal(str_find(STR("abca"), 'a', 0), 0);
    assert_int_equal(str_find(STR("abca"), 'a', 1), 3);
    assert_int_equal(str_find(STR("abca"), 'a', 4), 4);
    assert_int_equal(str_find(STR("abca"), 'a', 99), 4);
    assert_int_equal(str_find(STR("abca"), 'x', 0), 4);
    assert_int_equal(str_find(STR_NULL, 'x', 0), 0);
}

static void orders(void **state)
{
    static const char *const rising[] = {"",  "\x01", "A",        "AA",  "AB",
                                         "B", "a",    "\xc4\x91", "\xff"};
    for (size_t i = 0; i < ROWS(rising); i++)
        for (size_t j = 0; j < ROWS(rising); j++) {
            int d = str_cmp(str_from(rising[i]), str_from(rising[j]));
            assert_int_equal((d > 0) - (d < 0), (i > j) - (i < j));
            assert_int_equal(str_eq(str_from(rising[i]), str_from(rising[j])), i == j);
        }
    assert_true(str_eq(STR_NULL, STR("")));
    assert_int_equal(str_cmp(STR_NULL, STR("")), 0);
    assert_false(str_eq(str_n("a\0b", 3), str_n("a\0c", 3)));
}

static void copies(void **state)
{
    assert_null(str_dup(*state, STR_NULL).p);
    assert_non_null(str_dup(*state, STR("")).p);
    assert_null(str_from(NULL).p);
    assert_string_equal(str_z(*state, STR_NULL), "");
    assert_str(str_join(*state, STR_NULL, STR("a")), "a");
    assert_str(str_join(*state, STR_NULL, STR_NULL), "");
    assert_str(str_lower(*state, STR("AZ az @[ \xc4\x90")),
               "az az @[ \xc4\x90"); /* ASCII only */
    assert_str(str_trim(STR(" \t\r\n")), "");
    assert_str(str_trim(STR("\v a\f")), "\v a\f");
    struct str head, rest = str_split(STR_NULL, ',', &head);
    assert_true(!rest.p && head.n == 0);
    rest = str_split(STR(","), ',', &head);
    assert_true(rest.p && rest.n == 0 && head.n == 0); /* two empty parts, not one */
    static const char *const wrong[] = {"-",
                                        "--1",
                                        "1-",
                                        "0x1",
                                        "1 ",
                                        "١",
                                        "-9223372036854775809",
                                        "18446744073709551616",
                                        "99999999999999999999999999"};
    int64_t n = 77;
    for (size_t i = 0; i < ROWS(wrong); i++)
        if (str_int(str_from(wrong[i]), &n))
            fail_msg("%s", wrong[i]);
    assert_int_equal(n, 77); /* a result only on success */
    assert_true(str_int(STR("-0"), &n) && n == 0);
    assert_true(str_int(STR("0000000000000000000000007"), &n) && n == 7);
}

/* Every code point there is, and each border of what is none. */
static void all_points(void **state)
{
    static const uint32_t borders[] = {1,      0x7f,   0x80,    0x7ff,   0x800,   0xd7ff,
                                       0xe000, 0xffff, 0x10000, 0x3ffff, 0x40000, 0x10ffff};
    for (size_t i = 0; i < ROWS(borders); i++) {
        uint32_t c = borders[i];
        unsigned char p[4];
        size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        p[0] =
            (unsigned char)(n == 1 ? c
                                   : (0xf00u >> n & 0xff & ~(0x80u >> n)) | c >> 6 * (n - 1));
        for (size_t k = 1; k < n; k++)
            p[k] = (unsigned char)(0x80 | (c >> 6 * (n - 1 - k) & 0x3f));
        assert_true(utf8_is(str_n(p, n)));
        assert_int_equal(utf8_len(str_n(p, n)), 1);
        for (size_t cut = 1; cut < n; cut++) {
            assert_false(utf8_is(str_n(p, cut)));
            assert_false(utf8_is(str_n(p + cut, n - cut)));
        }
    }
    static const char *const bad[] = {"\x80",
                                      "\xbf",
                                      "\xc1\xbf",
                                      "\xe0\x9f\xbf",
                                      "\xed\xbf\xbf",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf5\x80\x80\x80",
                                      "\xf8\x88\x80\x80\x80",
                                      "\xfe",
                                      "\xc4\x41",
                                      "\xe1\x41\x80"};
    for (size_t i = 0; i < ROWS(bad); i++)
        for (int at = 0; at < 10; at++) { /* wherever it stands in a word of eight */
            struct str s = str_fmt(*state, "%.*s%s12345678", at, "abcdefghij", bad[i]);
            if (utf8_is(s))
                fail_msg("row %zu at %d", i, at);
        }
    assert_str(utf8_cut(STR("đăng"), 0), "");
    assert_str(utf8_cut(STR("đăng"), 1), "đ");
    assert_str(utf8_cut(STR("đăng"), 99), "đăng");
    assert_true(utf8_is(STR_NULL) && utf8_len(STR_NULL) == 0);
}

/* -- days and instants -- */

static void odd_days(void **state)
{
    static const struct {
        int year, month, day;
        bool ok;
    } rows[] = {
        {1, 1, 1, true},           {0, 12, 31, false},   {9999, 12, 31, true},
        {10000, 1, 1, false},      {2000, 2, 29, true},  {1900, 2, 29, false},
        {2100, 2, 29, false},      {2400, 2, 29, true},  {2026, 4, 31, false},
        {2026, 12, 32, false},     {2026, 1, 0, false},  {2026, 0, 1, false},
        {2026, 13, 1, false},      {2026, 1, -1, false}, {-4, 1, 1, false},
        {2026, 2, 1000000, false},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        if (day_is_valid(rows[i].year, rows[i].month, rows[i].day) != rows[i].ok)
            fail_msg("row %zu", i);
    for (int32_t day = day_make(1999, 12, 1), last = day_weekday(day - 1);
         day < day_make(2001, 2, 1); day++) {
        assert_int_equal(day_weekday(day), (last + 1) % 7);
        last = day_weekday(day);
        int32_t back;
        assert_true(day_parse(day_iso(*state, day), &back) && back == day);
        assert_int_equal(day_of(day_start(day)), day);
        assert_int_equal(day_of(day_start(day) - 1), day - 1); /* midnight is of the new day */
        assert_int_equal(day_of(day_start(day + 1) - 1), day);
    }
    assert_true(day_start(INT32_MIN) == INT64_MIN && day_start(INT32_MAX) == INT64_MAX);
    static const int32_t far[] = {106751989, 106751990, 106751991, 106751992, 1000000000};
    for (size_t i = 0; i < ROWS(far); i++) { /* never back again, and mirrored */
        assert_true(day_start(far[i]) > day_start(far[i] - 1) ||
                    day_start(far[i]) == INT64_MAX);
        assert_true(day_start(-far[i]) < day_start(1 - far[i]) ||
                    day_start(-far[i]) == INT64_MIN);
    }
    assert_int_equal(day_of(day_start(106751989)), 106751989);
    assert_int_equal(day_of(day_start(-106751989)), -106751989);
    assert_str(day_text(*state, day_make(945, 9, 2)), "02/09/0945");
    assert_str(day_iso(*state, day_make(1, 1, 1)), "0001-01-01");
}

static void odd_instants(void **state)
{
    static const struct {
        const char *in, *out; /* NULL: refused */
    } rows[] = {
        {"1969-12-31T23:59:59+07:00", "1969-12-31T23:59:59+07:00"},
        {"1969-12-31T16:59:59.5Z",
         "1969-12-31T23:59:59+07:00"}, /* before 1970, a half second */
        {"0001-01-01T00:00:00+07:00", "0001-01-01T00:00:00+07:00"},
        {"2026-01-01T00:00:00+14:00", "2025-12-31T17:00:00+07:00"},
        {"2026-01-01T00:00:00-12:00", "2026-01-01T19:00:00+07:00"},
        {"2026-01-01T00:00:00-00:00", "2026-01-01T07:00:00+07:00"},
        {"2026-12-31T23:59:60Z", "2027-01-01T07:00:00+07:00"}, /* a leap second is the next */
        {"2026-01-01T00:00:00.123456789123Z", "2026-01-01T07:00:00+07:00"},
        {"2026-09-02", "2026-09-02T00:00:00+07:00"},
        {"2026-09-02T", NULL},
        {"2026-09-02t00:00:00Z", NULL},
        {"2026-09-02 00:00:00Z", NULL},
        {"2026-09-02T00:00Z", NULL},
        {"2026-09-02T24:00:00Z", NULL},
        {"2026-09-02T23:60:00Z", NULL},
        {"2026-09-02T23:59:61Z", NULL},
        {"2026-09-02T00:00:00", NULL},
        {"2026-09-02T00:00:00z", NULL},
        {"2026-09-02T00:00:00+7:00", NULL},
        {"2026-09-02T00:00:00+0700", NULL},
        {"2026-09-02T00:00:00+24:00", NULL},
        {"2026-09-02T00:00:00+07:60", NULL},
        {"2026-09-02T00:00:00 07:00", NULL},
        {"2026-09-02T00:00:00.Z", NULL},
        {"2026-09-02T00:00:00,5Z", NULL},
        {"2026-09-02T00:00:00ZZ", NULL},
        {"2026-09-31T00:00:00Z", NULL},
        {"2026-09--2T00:00:00Z", NULL},
        {"2026-09-02T-1:00:00Z", NULL},
        {"-026-09-02", NULL},
        {" 2026-09-02", NULL},
        {"2026-09-02 ", NULL},
        {"0000-01-01", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t us = 77;
        if (time_parse(str_from(rows[i].in), &us) != (rows[i].out != NULL))
            fail_msg("%s", rows[i].in);
        if (rows[i].out)
            assert_str(time_iso(*state, us), rows[i].out);
        else
            assert_int_equal(us, 77);
    }
    struct civil c = civil_of(day_start(day_make(2026, 11, 21)) + DAY_US - 1);
    assert_true(c.year == 2026 && c.month == 11 && c.day == 21 && c.hour == 23 &&
                c.minute == 59 && c.second == 59 && c.weekday == 5);
}

/* -- maps -- */

static void odd_maps(void **state)
{
    struct map *m = map_new(*state);
    int one = 1, two = 2;
    struct str key;
    assert_null(map_get(m, STR("a")));
    assert_null(map_get(m, STR_NULL));
    map_set(m, STR("a"), &one);
    map_set(m, STR(""), &one);
    map_set(m, str_n("a\0b", 3), NULL);
    map_set(m, STR("a"), &two); /* replaces; keeps its place */
    assert_int_equal(map_size(m), 3);
    assert_ptr_equal(map_at(m, 0, &key), &two);
    assert_str(key, "a");
    assert_ptr_equal(map_get(m, STR_NULL), &one); /* no value is the empty key */
    assert_true(map_has(m, str_n("a\0b", 3)));    /* with nothing in it */
    assert_null(map_get(m, str_n("a\0b", 3)));
    assert_false(map_has(m, str_n("a\0", 2)));
    for (int i = 0; i < 5000; i++)
        map_set(m, str_fmt(*state, "%d", i), &one);
    for (int i = 0; i < 5000; i += 7)
        map_set(m, str_fmt(*state, "%d", i), &two);
    assert_int_equal(map_size(m), 5003);
    for (int i = 0; i < 5000; i++) {
        map_at(m, (size_t)i + 3, &key);
        assert_true(str_eq(key, str_fmt(*state, "%d", i)));
        assert_ptr_equal(map_get(m, key), i % 7 ? &one : &two);
    }
    assert_null(map_get(m, STR("5000")));
}

/* -- failures -- */

static void causes(void **state)
{
    char text[600];
    struct ctx *cx = ctx_new(*state, NULL);
    assert_true(cx->lang == LANG_VI && !cx->who &&
                cx->now_us > day_start(day_make(2020, 1, 1)));
    memset(text, 'f', sizeof text);
    text[sizeof text - 1] = 0;
    assert_int_equal(FAIL(cx, TOO_LARGE, text, "%s", text), RC_TOO_LARGE);
    assert_int_equal(strlen(cx->err.field), ERR_FIELD_MAX - 1);
    assert_int_equal(strlen(cx->err.detail), ERR_DETAIL_MAX - 1);
    ctx_clear(cx);
    assert_int_equal(cx->err.rc, RC_OK);
    assert_string_equal(cx->err.field, "");
    assert_int_equal(FAIL(cx, GONE, NULL, "x"), RC_GONE);
    assert_string_equal(cx->err.field, "");
    assert_non_null(cx->err.file);
    for (int rc = 1; rc < RC_COUNT; rc++) {
        int status = rc_status((enum rc)rc);
        assert_true(status >= 400 && status < 600);
        assert_true(str_eq(str_from(rc_message_key((enum rc)rc)),
                           str_fmt(*state, "error.%s", rc_name((enum rc)rc))));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(closers),      UNIT(children),   UNIT(child_escapes), UNIT(closer_without_room),
        UNIT(ceilings),     UNIT(alignments), UNIT(page_faults),   UNIT(full_buffers),
        UNIT(formats),      UNIT(parts),      UNIT(numbers),       UNIT(looks),
        UNIT(orders),       UNIT(copies),     UNIT(all_points),    UNIT(odd_days),
        UNIT(odd_instants), UNIT(odd_maps),   UNIT(causes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
