/* test_embed.c - the files inside the binary: sorted, found, told apart. */
#include "unit/harness.h"

#include <string.h>

#include "page/embed.h"

static void sorted(void **state)
{
    assert_null(embed_at(embed_count()));
    for (size_t i = 0; i < embed_count(); i++) {
        const struct embed_file *f = embed_at(i);
        assert_ptr_equal(embed_find(f->name), f);
        assert_int_equal(strlen(f->sha256hex), 64);
        assert_true(f->mime[0] && f->data.p[f->data.n] == 0);
        assert_true(f->gzip.n == 0 || f->gzip.n < f->data.n);
        assert_true(i == 0 || str_cmp(embed_at(i - 1)->name, f->name) < 0);
    }
}

static void finds(void **state)
{
    static const char *const absent[] = {
        "", "sql", "sql/migrations/", "../po/vi.po", "sql/migrations/0001_store.sql ", "zzz"};
    for (size_t i = 0; i < ROWS(absent); i++)
        assert_null(embed_find(str_from(absent[i])));
    const struct embed_file *f = embed_find(STR("sql/migrations/0001_store.sql"));
    assert_non_null(f);
    assert_true(str_has(f->data, STR("create table")));
    assert_string_equal(f->mime, "application/sql");
    size_t first = embed_first(STR("sql/"));
    assert_true(str_starts(embed_at(first)->name, STR("sql/")));
    assert_true(first == 0 || !str_starts(embed_at(first - 1)->name, STR("sql/")));
    assert_int_equal(embed_first(STR("\xFF")), embed_count());
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(sorted), UNIT(finds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
