/* test_beside.c - one job at a time beside the caller: order, what is seen, how it ends. */
#include "unit/harness.h"

#include <pthread.h>
#include <unistd.h>

#include "base/beside.h"

enum { JOBS = 500 };

struct sheet {
    int done[JOBS], n; /* no lock: beside_wait and beside_do are what orders */
    pthread_t by;
};
struct job {
    struct sheet *sheet;
    int id;
    useconds_t takes_us;
};

static void job_do(void *arg)
{
    const struct job *j = arg;
    if (j->takes_us)
        usleep(j->takes_us);
    j->sheet->by = pthread_self();
    j->sheet->done[j->sheet->n++] = j->id;
}

/* Jobs follow each other as they were given, whether the caller waits between them or not. */
static void in_order(void **state)
{
    (void)state;
    static const int waits[] = {0, 1, 3, 7}; /* after every so many; 0: only at the end */
    for (size_t w = 0; w < sizeof waits / sizeof *waits; w++) {
        struct arena *mem = arena_new(1 << 20);
        struct sheet *sheet = arena_new_of(mem, struct sheet);
        struct job *jobs = arena_array(mem, struct job, JOBS);
        struct beside *b = beside_new(mem);
        for (int i = 0; i < JOBS; i++) {
            jobs[i] = (struct job){sheet, i, i == 3 ? 2000 : 0};
            beside_do(b, job_do, &jobs[i]);
            if (waits[w] && i % waits[w] == 0) {
                beside_wait(b);
                assert_int_equal(sheet->n, i + 1);
            }
        }
        beside_wait(b);
        assert_int_equal(sheet->n, JOBS);
        for (int i = 0; i < JOBS; i++)
            assert_int_equal(sheet->done[i], i);
        arena_free(mem);
    }
}

/* The caller goes on meanwhile; what it gave before is never given up. */
static void beside_and_ended(void **state)
{
    (void)state;
    static struct sheet sheet;
    struct arena *mem = arena_new(1 << 20);
    struct beside *b = beside_new(mem);
    struct job slow = {&sheet, 7, 20000};
    beside_do(b, job_do, &slow);
    arena_free(mem); /* waits for it: what it uses lives longer than mem */
    assert_int_equal(sheet.n, 1);
    assert_int_equal(sheet.done[0], 7);
    assert_false(pthread_equal(sheet.by, pthread_self()));
}

static void nothing_given(void **state)
{
    (void)state;
    struct arena *mem = arena_new(1 << 20);
    struct beside *b = beside_new(mem);
    beside_wait(b);
    beside_wait(b);
    arena_free(mem);
    arena_free(arena_new(1 << 20));
}

/* Without a thread the caller does it itself, at once. */
static void by_the_caller(void **state)
{
    (void)state;
    struct sheet sheet = {.n = 0};
    struct job j = {&sheet, 3, 0};
    beside_do(NULL, job_do, &j);
    assert_int_equal(sheet.n, 1);
    assert_true(pthread_equal(sheet.by, pthread_self()));
    beside_wait(NULL);
    assert_int_equal(sheet.n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT(in_order),
        UNIT(beside_and_ended),
        UNIT(nothing_given),
        UNIT(by_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
