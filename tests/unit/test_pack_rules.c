/* test_pack_rules.c - every rule of pack/rules.def is broken and just kept at least once. */
#include "pack_help.h"

#define PLATE "tables/plate.csv"
#define README "# Giấy phép nhỏ\n\nGói mẫu để kiểm thử; không phải thủ tục thật.\n"

/* A forked state on the way from processing to ready, in place of the two acts there. */
#define ACTS                                                                                   \
    "      approve: {to: ready, if: 'size == \"small\" || act.comment != null', need: "        \
    "[comment?], do: [result, notify]}\n"                                                      \
    "      supplement: {to: waiting, need: [reason, items], do: [notify]}\n"
#define FORK(branches, rest)                                                                   \
    "      approve: {to: joint, do: [notify]}\n"                                               \
    "      supplement: {to: waiting, need: [reason, items], do: [notify]}\n"                   \
    "  joint:\n    name: {vi: A, en: B}\n    status: 4\n    fork: {" branches "}\n" rest
#define BRANCH(id, unit, rest)                                                                 \
    id ": {name: {vi: C, en: D}, unit: " unit ", by: [specialist], within: 2wd, " rest "}"
#define FIRE BRANCH("fire", "fire", "silence: agree")
#define LAND BRANCH("land", "land-use", "silence: escalate")
#define JOINED "    join: all\n    to: ready\n"
/* Two rows take everything, but only the last column shows it; the rows before them cut each
 * of the other seven into six. */
#define FIVE(before, after)                                                                    \
    before "0" after before "1" after before "2" after before "3" after before "4" after
#define LARGE_TABLE                                                                            \
    "when:a:int,when:b:int,when:c:int,when:d:int,when:e:int,when:f:int,when:g:int,when:h:"     \
    "int,then:r:int\n" FIVE("", ",,,,,,,5,1\n") FIVE(",", ",,,,,,5,1\n")                       \
        FIVE(",,", ",,,,,5,1\n") FIVE(",,,", ",,,,5,1\n") FIVE(",,,,", ",,,5,1\n")             \
            FIVE(",,,,,", ",,5,1\n") FIVE(",,,,,,", ",5,1\n") ",,,,,,,>= 0,1\n,,,,,,,< 0,1\n"

/* How often the applicant is waited for, down to the limit of the work that follows: without that
 * limit no number of times is too long for the clock. */
#define REST                                                                                   \
    "    fields: [place]\n    on:\n      resubmit: {to: processing, do: [notify]}\n"           \
    "    after: {30cd: lapsed}\n  processing:\n    name: {vi: Đang xử lý, en: Being "      \
    "processed}\n    status: 4\n"
#define ONCE "    at_most: 1\n" REST "    by: [specialist]\n    within: 12wh\n"

enum outcome { KEPT, BROKEN };

/* The sound pack with one thing changed: the rule is told, or is not and nothing else is
 * broken either. from NULL: the file is `to`; to NULL: it is left out. */
static const struct row {
    int rule;
    enum outcome outcome;
    const char *file, *from, *to;
} rows[] = {
    {1, BROKEN, "pack.yaml", NULL, NULL},
    {1, KEPT, "pack.yaml", "# A small", "# Small"},
    {2, BROKEN, "pack.yaml", "law:", "law: ["},
    {2, BROKEN, "flow.yaml", "start: submitted", "start: submitted\nstart: submitted"},
    {2, BROKEN, "forms/main.yaml", "type: object", "type: &a object\nx: *a"},
    {2, BROKEN, "messages.yaml", "messages:", "messages:\n\t"},
    {2, KEPT, "messages.yaml", "messages:", "# đổi\n\nmessages:"},
    {3, BROKEN, "pack.yaml", "anonymous: false", "anonymous: false\nprice: 1"},
    {3, BROKEN, "flow.yaml", "start: submitted", "start: submitted\nend: refused"},
    {3, BROKEN, "flow.yaml", "within: 4wh", "whithin: 4wh"},
    {3, BROKEN, "flow.yaml", "budget: 3wd", "budget: 3wd, stop: ready"},
    {3, BROKEN, "flow.yaml", "tone: primary}", "tune: primary}"},
    {3, BROKEN, "flow.yaml", "do: [receipt, notify]}", "done: [receipt, notify]}"},
    {3, BROKEN, "pack.yaml", "id: base,", "id: base, vat: 10,"},
    {3, BROKEN, "pack.yaml", "code: H07-TN", "code: H07-TN, fr: Essai"},
    {3, KEPT, "pack.yaml", "keywords: {vi: \"giấy phép, nhỏ\", en: \"permit, small\"}\n", ""},
    {4, BROKEN, "pack.yaml", "version: 1.2.0\n", ""},
    {4, BROKEN, "pack.yaml", "act: Nghị định 61/2018/NĐ-CP, ", ""},
    {4, BROKEN, "pack.yaml", "code: H07-TN, ", ""},
    {4, BROKEN, "pack.yaml", "amount_vnd: 20000, ", ""},
    {4, BROKEN, "flow.yaml", "start: submitted\n", ""},
    {4, BROKEN, "flow.yaml", "to: processing, do: [receipt", "do: [receipt"},
    {4, BROKEN, "flow.yaml", ", start: processing", ""},
    {4, BROKEN, "indicators.yaml", "    unit: percent\n", ""},
    {4, BROKEN, "pack.yaml", "life_event: {vi: Thử nghiệm, en: Testing}\n", ""},
    {4, KEPT, "pack.yaml", "public_answer: false\n", ""},
    {5, BROKEN, "pack.yaml", "max_files: 3", "max_files: 21"},
    {5, BROKEN, "pack.yaml", "max_files: 3", "max_files: 2.5"},
    {5, BROKEN, "pack.yaml", "required: true", "required: 1"},
    {5, BROKEN, "pack.yaml", "name: {vi: Cấp giấy phép nhỏ, en: Small permit}", "name: Small"},
    {5, BROKEN, "pack.yaml", "[district, commune]", "district"},
    {5, BROKEN, "flow.yaml", "at_most: 1", "at_most: 0"},
    {5, BROKEN, "flow.yaml", "at_most: 1", "at_most: 101"},
    {5, BROKEN, "flow.yaml", "by: [reception]", "by: reception"},
    {5, BROKEN, "flow.yaml", "tone: primary}", "tone: pink}"},
    {5, BROKEN, "flow.yaml", "calendar: vn-office", "calendar: lunar"},
    {5, BROKEN, "flow.yaml", "{withdraw: withdrawn}", "{withdraw: [withdrawn]}"},
    {5, BROKEN, "indicators.yaml", "target: 80", "target: -1"},
    {5, BROKEN, "indicators.yaml", "target: 80", "target: high"},
    {5, KEPT, "pack.yaml", "max_files: 3", "max_files: 20"},
    {5, KEPT, "pack.yaml", "max_files: 3", "max_files: 1"},
    {5, KEPT, "flow.yaml", ONCE, "    at_most: 100\n" REST "    by: [specialist]\n"},
    {5, KEPT, "indicators.yaml", "target: 80", "target: 0"},
    {6, BROKEN, "pack.yaml", "summary: {vi: Xin giấy phép nhỏ trong ba ngày làm việc., en",
     "summary: {vi: ' ', en"},
    {6, BROKEN, "pack.yaml", "en: Testing}\nlife", "en: 7}\nlife"},
    {6, BROKEN, "flow.yaml", "accept: {vi: Tiếp nhận, en: Accept", "accept: {vi: Tiếp nhận"},
    {6, KEPT, "flow.yaml", "accept: {vi: Tiếp nhận, en: Accept", "accept: {vi: A, en: Ă"},
    {7, BROKEN, "pack.yaml", "pack: small-permit", "pack: small_permit"},
    {7, BROKEN, "pack.yaml", "id: plan", "id: a12345678901234567890123456789012345678901"},
    {7, BROKEN, "pack.yaml", "id: plan", "id: 1plan"},
    {7, BROKEN, "pack.yaml", "id: plan", "id: bản-vẽ"},
    {7, BROKEN, "flow.yaml", "flow: small-permit", "flow: -small"},
    {7, BROKEN, "messages.yaml", "  accept:", "  Accept:"},
    {7, KEPT, "pack.yaml", "id: plan", "id: a1234567890123456789012345678901234567890"},
    {7, KEPT, "pack.yaml", "id: plan", "id: p"},
    {7, KEPT, "pack.yaml", "pack: small-permit", "pack: a-b"},
    {8, BROKEN, "pack.yaml", "version: 1.2.0", "version: 1..0"},
    {8, BROKEN, "pack.yaml", "version: 1.2.0", "version: 1.2.0-rc1"},
    {8, BROKEN, "pack.yaml", "version: 1.2.0", "version: 1.2.-1"},
    {8, BROKEN, "pack.yaml", "version: 1.2.0", "version: 1.2.34567890123456789"},
    {8, KEPT, "pack.yaml", "version: 1.2.0", "version: 0.0.0"},
    {8, KEPT, "pack.yaml", "version: 1.2.0", "version: 10.20.34567890123456"},
    {9, BROKEN, "pack.yaml", "id: photo", "id: plan"},
    {9, BROKEN, "pack.yaml", "paper: true}",
     "paper: true}\n  - {id: permit, name: {vi: a, en: b}}"},
    {9, BROKEN, "flow.yaml", "      resubmit: {to: processing, do: [notify]}",
     "      resubmit: {to: processing, do: [notify]}\n      withdraw: {to: processing}"},
    {9, KEPT, "pack.yaml", "id: photo", "id: base"}, /* a fee's id in another list */
    {10, BROKEN, "pack.yaml", "[citizen, business]", "[]"},
    {10, BROKEN, "pack.yaml", "[citizen, business]", "[citizens]"},
    {10, BROKEN, "pack.yaml", "[district, commune]", "[Commune]"},
    {10, BROKEN, "pack.yaml", "[district, commune]", "[3]"},
    {10, KEPT, "pack.yaml", "[citizen, business]", "[citizen, business, household]"},
    {10, KEPT, "pack.yaml", "[district, commune]", "[province, department, district, commune]"},
    {11, BROKEN, "pack.yaml", "\"9.000001\"", "\"9.\""},
    {11, BROKEN, "pack.yaml", "\"9.000001\"", "\"123456789012345678901\""},
    {11, BROKEN, "pack.yaml", "\"9.000001\"", "\"HỒ-SƠ\""},
    {11, BROKEN, "pack.yaml", "\"9.000001\"", "\"9 000001\""},
    {11, KEPT, "pack.yaml", "\"9.000001\"", "\"1.0\""},
    {11, KEPT, "pack.yaml", "\"9.000001\"", "\"ABC-2345678901234.67\""},
    {12, BROKEN, "pack.yaml", "retention: 10y", "retention: 10"},
    {12, BROKEN, "pack.yaml", "retention: 10y", "retention: 0y"},
    {12, BROKEN, "pack.yaml", "retention: 10y", "retention: -1y"},
    {12, BROKEN, "pack.yaml", "retention: 10y", "retention: y"},
    {12, BROKEN, "pack.yaml", "retention: 10y", "retention: 10m"},
    {12, BROKEN, "pack.yaml", "retention: 10y\n", ""},
    {12, KEPT, "pack.yaml", "retention: 10y", "retention: 1y"},
    {12, KEPT, "pack.yaml", "retention: 10y", "retention: 100y"},
    {13, BROKEN, "pack.yaml", "amount_vnd: 20000", "amount_vnd: \"20000\""},
    {13, BROKEN, "pack.yaml", "amount_vnd: 20000", "amount_vnd: 20000.5"},
    {13, KEPT, "pack.yaml", "amount_vnd: 20000", "amount_vnd: 0"},
    {13, KEPT, "pack.yaml", "amount_vnd: 20000", "amount_vnd: 1000000000"},
    {14, BROKEN, "pack.yaml", "if: 'size == \"large\"'\n", "if: 'size == 3'\n"},
    {14, BROKEN, "pack.yaml", "if: 'size == \"large\"'\n", "if: 'act.reason == null'\n"},
    {14, BROKEN, "flow.yaml", "act.comment != null", "act.mood != null"},
    {14, BROKEN, "flow.yaml", "act.comment != null", "act.rating == \"3\""},
    {14, KEPT, "flow.yaml", "act.comment != null", "size(act.comment) == 3"},
    {14, KEPT, "pack.yaml", "if: 'size == \"large\"'\n", "if: 'size(place) > 3 && true'\n"},
    {15, BROKEN, "pack.yaml", "law:\n  - {act", "law: []\nsteps_:\n  - {act"},
    {15, KEPT, "pack.yaml", "law:\n",
     "law:\n  - {act: Luật Mẫu, clause: Điều 1, about: {vi: a, en: b}}\n"},
    {16, BROKEN, "README.md", README, ""},
    {16, BROKEN, "README.md", README, " \n\t\n"},
    {16, BROKEN, "README.md", NULL, NULL},
    {16, KEPT, "README.md", README, "x"},
    {17, BROKEN, "tests.case", NULL, "case: a\n"},
    {17, BROKEN, "forms/other.yaml", NULL, "x: 1\n"},
    {17, KEPT, "tests/words.txt", NULL, "a"},
    {18, BROKEN, "pack.yaml", "form: forms/main.yaml\n", ""},
    {18, BROKEN, "pack.yaml", "form: forms/main.yaml", "form: forms/Main.yaml"},
    {18, BROKEN, "pack.yaml", "flow: flow.yaml", "flow: [flow.yaml]"},
    {18, KEPT, "pack.yaml", "form: forms/main.yaml\nflow: flow.yaml",
     "flow: flow.yaml\nform: forms/main.yaml"},
    {19, BROKEN, "pack.yaml", "level_2011: 4", "level_2011: 0"},
    {19, BROKEN, "pack.yaml", "level_2011: 4", "level_2011: \"4\""},
    {19, BROKEN, "pack.yaml", "mode_2022: toan_trinh", "mode_2022: 4"},
    {19, KEPT, "pack.yaml", "level_2011: 4", "level_2011: 1"},
    {19, KEPT, "pack.yaml", "mode_2022: toan_trinh", "mode_2022: mot_phan"},
    {19, KEPT, "pack.yaml", "mode_2022: toan_trinh", "mode_2022: thong_tin"},
    {20, BROKEN, "forms/main.yaml", "type: object", "type: array"},
    {125, BROKEN, "forms/main.yaml", "maxLength: 200", "maxLength: 20001"},
    {127, BROKEN, "forms/main.yaml", "required: [size, place]", "required: [size, plaice]"},
    {20, KEPT, "forms/main.yaml", "maxLength: 200", "maxLength: 1"},
    {21, BROKEN, "forms/main.yaml", "{id: size, ask: [size]}",
     "{id: size, ask: [size, place]}"},
    {21, KEPT, "forms/main.yaml", "ask: [place]",
     "title: {vi: A, en: B}, ask: [place, applicant_name]"},
    {22, BROKEN, "forms/main.yaml", "ask: [size]", "ask: [size, 3]"},
    {22, KEPT, "forms/main.yaml",
     "      - {id: size, ask: [size]}\n      - {id: place, ask: [place]}",
     "      - {id: size, title: {vi: A, en: B}, ask: [size, place]}"},
    {30, BROKEN, "flow.yaml", "start: submitted", "start: returned"},
    {30, BROKEN, "flow.yaml", "start: submitted", "start: Submitted"},
    {30, KEPT, "flow.yaml", "start: submitted", "start: 'submitted'"},
    {31, BROKEN, "flow.yaml", "after: {30cd: lapsed}", "after: {30cd: laps}"},
    {31, BROKEN, "flow.yaml", "{withdraw: withdrawn}", "{withdraw: gone}"},
    {31, BROKEN, "flow.yaml", "start: processing}", "start: process}"},
    {31, BROKEN, "flow.yaml", "    at_most: 1\n", "    at_most: 1\n    not_by: [nobody]\n"},
    {31, BROKEN, "flow.yaml", "    at_most: 1\n", "    at_most: 1\n    not_by: [1]\n"},
    {31, KEPT, "flow.yaml", "    at_most: 1\n", "    at_most: 1\n    not_by: [processing]\n"},
    {32, BROKEN, "flow.yaml", "hand_over: {to: returned", "hand_over: {to: withdrawn"},
    {32, KEPT, "flow.yaml", "after: {30cd: lapsed}", "after: {1cd: lapsed}"},
    {33, BROKEN, "flow.yaml",
     "hand_over: {to: returned, do: [handover, notify]}\n  returned:\n",
     "hand_over: {to: returned, do: [handover, notify]}\n  returned:\n"
     "    name: {vi: A, en: A}\n    status: 9\n    by: [leader]\n"
     "    on: {hand_over: {to: returned}}\n  over:\n"},
    {33, KEPT, "flow.yaml", "hand_over: {to: returned, do: [handover, notify]}",
     "hand_over: {to: returned, do: [handover, notify]}\n"
     "      approve: {to: returned, do: [notify]}"},
    {34, BROKEN, "flow.yaml", "    by: [specialist]\n", ""},
    {34, BROKEN, "flow.yaml", "    by: [specialist]\n", "    by: []\n"},
    {34, BROKEN, "flow.yaml",
     "    on:\n      hand_over: {to: returned, do: [handover, notify]}\n", ""},
    {34, KEPT, "flow.yaml", "    by: [specialist]\n", "    by: [system]\n"},
    {35, BROKEN, "flow.yaml", "  hand_over: {vi: Trả kết quả, en: Hand over, tone: primary}\n",
     ""},
    {35, BROKEN, "flow.yaml", "  withdraw: {vi: Rút hồ sơ, en: Withdraw, tone: warning}\n", ""},
    {35, KEPT, "flow.yaml", "en: Hand over, tone: primary}", "en: Hand over}"},
    {36, BROKEN, "flow.yaml", "by: [specialist]", "by: [king]"},
    {36, BROKEN, "flow.yaml", "by: [specialist]", "by: [specialist, 4]"},
    {36, KEPT, "flow.yaml", "by: [specialist]", "by: [specialist, leader, reception]"},
    {37, BROKEN, "flow.yaml", "do: [receipt, notify]", "do: [receipt, sing]"},
    {37, BROKEN, "flow.yaml", "100%], do: [notify]", "100%], do: [shout]"},
    {37, KEPT, "flow.yaml", "do: [handover, notify]", "do: [handover, notify, publish]"},
    {38, BROKEN, "flow.yaml", "need: [comment?]", "need: [tears]"},
    {38, BROKEN, "flow.yaml", "need: [comment?]", "need: [comment?, comment]"},
    {38, BROKEN, "flow.yaml", "need: [comment?]", "need: [comment??]"},
    {38, BROKEN, "flow.yaml", "need: [comment?]", "need: [4]"},
    {38, KEPT, "flow.yaml", "need: [comment?]",
     "need: [comment?, rating?, result?, answer?, reason?, law?, items?]"},
    {39, BROKEN, "flow.yaml", "need: [reason, law], do", "need: [law], do"},
    {39, BROKEN, "flow.yaml", "need: [reason, law], do", "need: [reason, law?], do"},
    {39, BROKEN, "flow.yaml", "hand_over: {to: returned", "hand_over: {to: lapsed"},
    {39, KEPT, "flow.yaml", "need: [reason, law], do", "need: [law, reason, comment?], do"},
    {40, BROKEN, "flow.yaml", "need: [reason, items]", "need: [comment]"},
    {40, BROKEN, "flow.yaml", "need: [reason, items]", "need: [reason?, items?]"},
    {40, KEPT, "flow.yaml", "need: [reason, items]", "need: [items]"},
    {40, KEPT, "flow.yaml", "need: [reason, items]", "need: [items, reason, comment]"},
    {41, BROKEN, "flow.yaml", "pause: [legal]", "pause: [lunch]"},
    {41, BROKEN, "flow.yaml", "pause: [legal]", "pause: [1]"},
    {41, KEPT, "flow.yaml", "pause: [legal]", "pause: [legal, legal]"},
    {42, BROKEN, "flow.yaml", "    after: {30cd: lapsed}\n", ""},
    {42, KEPT, "flow.yaml", "after: {30cd: lapsed}", "after: {0wd: lapsed}"},
    {43, BROKEN, "flow.yaml", "within: 4wh", "within: 4h"},
    {43, BROKEN, "flow.yaml", "within: 4wh", "within: 0wh"},
    {43, BROKEN, "flow.yaml", "within: 4wh", "within: 3651wh"},
    {43, BROKEN, "flow.yaml", "within: 4wh", "within: -4wh"},
    {43, BROKEN, "flow.yaml", "after: {30cd: lapsed}", "after: {30: lapsed}"},
    {43, BROKEN, "flow.yaml", "after: {30cd: lapsed}", "after: {3651cd: lapsed}"},
    {43, BROKEN, "flow.yaml", "after: {30cd: lapsed}", "after: {30cd: lapsed, 40cd: lapsed}"},
    {43, BROKEN, "flow.yaml", "budget: 3wd", "budget: 3 wd"},
    {43, BROKEN, "flow.yaml", "budget: 3wd", "budget: 3wx"},
    {43, BROKEN, "flow.yaml", "appeal: 90cd", "appeal: 90wd"},
    {43, BROKEN, "flow.yaml", "appeal: 90cd", "appeal: 0cd"},
    {43, BROKEN, "flow.yaml", "at: [80%, 100%]", "at: [0%]"},
    {43, BROKEN, "flow.yaml", "at: [80%, 100%]", "at: [301%]"},
    {43, BROKEN, "flow.yaml", "at: [80%, 100%]", "at: [80]"},
    {43, KEPT, "flow.yaml", "at: [80%, 100%]", "at: [1%, 300%]"},
    {43, KEPT, "flow.yaml", "after: {30cd: lapsed}", "after: {3650wd: lapsed}"},
    {43, KEPT, "flow.yaml", "appeal: 90cd", "appeal: 1cd"},
    {43, KEPT, "flow.yaml", "within: 4wh", "within: 1wd"},
    {44, BROKEN, "flow.yaml", "status: 10\n", "status: 11\n"},
    {44, BROKEN, "flow.yaml", "    status: 4\n", "    status: 0\n"},
    {44, BROKEN, "flow.yaml", "    status: 4\n", "    status: four\n"},
    {44, BROKEN, "flow.yaml", "    status: 4\n", ""},
    {44, KEPT, "flow.yaml", "    status: 4\n", "    status: 2\n"},
    {45, BROKEN, "flow.yaml", "    appeal: 90cd\n", "    pause: [legal]\n"},
    {45, BROKEN, "flow.yaml", "    appeal: 90cd\n", "    after: {3wd: lapsed}\n"},
    {45, BROKEN, "flow.yaml", "    appeal: 90cd\n", "    on: {accept: {to: processing}}\n"},
    {45, BROKEN, "flow.yaml", "{withdraw: withdrawn}", "{withdraw: ready}"},
    {45, KEPT, "flow.yaml", "appeal: 90cd", "appeal: 30cd"},
    {35, BROKEN, "flow.yaml", "{withdraw: withdrawn}", "{withdraw: withdrawn, hold: lapsed}"},
    {46, BROKEN, "flow.yaml", "fields: [place]", "fields: [3]"},
    {46, BROKEN, "flow.yaml", "fields: [place]", "fields: [place.street]"},
    {46, KEPT, "flow.yaml", "fields: [place]", "fields: [place, size]"},
    {46, KEPT, "flow.yaml", "fields: [place]", "fields: []"},
    {47, BROKEN, "flow.yaml", "clocks:\n  legal: {budget: 3wd, start: processing}",
     "clocks: {}"},
    {47, BROKEN, "flow.yaml", "clocks:\n",
     "clocks:\n  b: {budget: 1wd, start: ready}\n  c: {budget: 1wd, start: ready}\n"
     "  d: {budget: 1wd, start: ready}\n  e: {budget: 1wd, start: ready}\n"},
    {47, KEPT, "flow.yaml", "start: processing}\n",
     "start: processing}\n  b: {budget: 1wd, start: ready}\n  c: {budget: 1wd, start: ready}\n"
     "  d: {budget: 1wd, start: ready}\n"},
    {49, BROKEN, "flow.yaml", "do: [receipt, notify]", "do: [notify]"},
    {49, KEPT, "flow.yaml", "do: [receipt, notify]", "do: [notify, receipt]"},
    {50, BROKEN, "flow.yaml", "within: 12wh", "within: 13wh"},
    {50, BROKEN, "flow.yaml", "budget: 3wd", "budget: 0wd"},
    {50, KEPT, "flow.yaml", "within: 12wh", "within: 11wh"},
    {51, BROKEN, "flow.yaml", "  withdraw: {vi", "  unused: {vi: K, en: U}\n  withdraw: {vi"},
    {51, KEPT, "flow.yaml", "en: Hand over, tone", "en: Give, tone"},
    {52, BROKEN, "flow.yaml", "late: {at: [80%, 100%], do: [notify]}\n", ""},
    {52, KEPT, "flow.yaml", "at: [80%, 100%]", "at: [100%]"},
    {53, BROKEN, "flow.yaml", "    appeal: 90cd\n", ""},
    {53, KEPT, "flow.yaml", "appeal: 90cd", "appeal: 3650cd"},
    {54, BROKEN, "flow.yaml", "do: [handover, notify]", "do: [handover]"},
    {54, BROKEN, "flow.yaml", "need: [reason, law], do: [notify]", "need: [reason, law]"},
    {54, KEPT, "flow.yaml", "resubmit: {to: processing, do: [notify]}",
     "resubmit: {to: processing}"}, /* the applicant knows: it is their own act */
    {55, BROKEN, "flow.yaml",
     "    at_most: 1\n    fields: [place]\n    on:\n      resubmit: {to: processing, do: "
     "[notify]}\n"
     "    after: {30cd: lapsed}\n  processing:\n",
     "    fields: [place]\n    on:\n      resubmit: {to: processing, do: [notify]}\n"
     "    after: {30cd: lapsed}\n  processing:\n    at_most: 2\n"},
    {55, KEPT, "flow.yaml", ONCE, "    at_most: 2\n" REST "    by: [specialist]\n"},
    {56, BROKEN, "flow.yaml", "    pause: [legal]\n", ""},
    {56, KEPT, "flow.yaml", "pause: [legal]", "pause: ['legal']"},
    {60, BROKEN, "indicators.yaml", "unit: percent", "unit: 3"},
    {60, BROKEN, "indicators.yaml", "unit: percent", "unit: ''"},
    {60, BROKEN, "indicators.yaml", "better: up", "better: [up]"},
    {60, KEPT, "indicators.yaml", "unit: percent", "unit: score"},
    {60, KEPT, "indicators.yaml", "better: up", "better: none"},
    {60, BROKEN, "indicators.yaml", "unit: percent", "unit: dong"},
    {60, BROKEN, "indicators.yaml", "kind: flow", "kind: spread"},
    {60, BROKEN, "indicators.yaml", "better: up", "better: up\n    distinct: channel"},
    {60, BROKEN, "indicators.yaml", "better: up", "better: up\n    every: week"},
    {60, BROKEN, "indicators.yaml", "better: up", "better: up\n    source: events"},
    {60, KEPT, "indicators.yaml", "unit: percent", "unit: vnd"},
    {60, KEPT, "indicators.yaml", "better: up", "better: up\n    distinct: procedure"},
    {60, KEPT, "indicators.yaml", "better: up", "better: up\n    distinct: unit"},
    {60, KEPT, "indicators.yaml", "better: up", "better: up\n    threshold: 50"},
    {5, BROKEN, "indicators.yaml", "better: up", "better: up\n    threshold: -1"},
    {6, BROKEN, "indicators.yaml", "better: up", "better: up\n    method: {vi: a}"},
    {61, BROKEN, "indicators.yaml", "event: dossier.submitted, if", "event: dossier, if"},
    {61, BROKEN, "indicators.yaml",
     "    count: {event: dossier.moved, if: 'ended && status == 9'}",
     "    count: [{event: dossier.moved}, {event: dossier.left}]"},
    {61, KEPT, "indicators.yaml",
     "    count: {event: dossier.moved, if: 'ended && status == 9'}",
     "    count: [{event: dossier.moved, if: 'ended'}, {event: dossier.moved, if: 'late'}]"},
    {61, KEPT, "indicators.yaml", "{event: dossier.submitted, if: 'pack == \"small-permit\"'}",
     "{event: dossier.rated}"},
    {62, BROKEN, "indicators.yaml", "channel == 2", "channel == \"online\""},
    {62, BROKEN, "indicators.yaml", "channel == 2", "channel =="},
    {62, BROKEN, "indicators.yaml", "channel == 2", "late"},
    {62, KEPT, "indicators.yaml", "channel == 2", "channel in [2, 3]"},
    {63, BROKEN, "indicators.yaml", "sum: days", "sum: late"},
    {63, BROKEN, "indicators.yaml", "sum: days", "sum: score"},
    {63, KEPT, "indicators.yaml", "sum: days", "sum: supplements"},
    /* in a list each event has the fact */
    {63, BROKEN, "indicators.yaml",
     "    count: {event: dossier.moved, if: 'ended && status == 9'}",
     "    count: [{event: dossier.moved}, {event: dossier.rated}]"},
    {64, KEPT, "indicators.yaml",
     "    kind: flow\n    count: {event: dossier.moved, if: 'ended && status == 9'}\n"
     "    of: {event: dossier.moved, if: 'ended && status == 9'}\n",
     "    kind: distribution\n    count: {event: dossier.moved, if: 'ended && status == 9'}\n"},
    {64, BROKEN, "indicators.yaml",
     "    of: {event: dossier.submitted, if: 'pack == \"small-permit\"'}\n", ""},
    {64, KEPT, "indicators.yaml",
     "    unit: percent\n    kind: flow\n    count: {event: dossier.submitted, if: 'pack == "
     "\"small-permit\" && channel == 2'}\n    of: {event: dossier.submitted, if: 'pack == "
     "\"small-permit\"'}\n",
     "    unit: count\n    kind: flow\n    count: {event: dossier.submitted}\n"},
    {65, BROKEN, "indicators.yaml", "    better: down", "    minus: {event: dossier.rated}"},
    {65, KEPT, "indicators.yaml", "kind: flow\n    count: {event: dossier.moved",
     "kind: stock\n    minus: {event: dossier.rated}\n    count: {event: dossier.moved"},
    {65, KEPT, "indicators.yaml", "kind: flow\n    count: {event: dossier.moved",
     "kind: stock\n    minus: {event: dossier.rated}\n    of_minus: {event: dossier.rated}\n"
     "    count: {event: dossier.moved"},
    {65, BROKEN, "indicators.yaml", "better: up", "of_minus: {event: dossier.rated}"},
    {65, BROKEN, "indicators.yaml", "    kind: flow\n    count: {event: dossier.moved",
     "    kind: stock\n    count: {event: dossier.moved"},
    {70, BROKEN, "messages.yaml",
     "    title: {vi: \"Hồ sơ {code} đã xong\", en: \"Dossier {code} is ready\"}\n", ""},
    {70, BROKEN, "messages.yaml", "messages:", "messages:\n  late: Xin lỗi"},
    {70, KEPT, "messages.yaml",
     "messages:", "messages:\n  late: {title: {vi: a, en: b}, text: {vi: c, en: d}}"},
    {71, BROKEN, "messages.yaml", "en: \"Dossier {code} is ready\"",
     "en: \"Your dossier is ready\""},
    {71, BROKEN, "messages.yaml", "vi: \"Cần: {items}.\"", "vi: \"Cần bổ sung.\""},
    {71, KEPT, "messages.yaml", "\"Cần: {items}.\", en: \"Needed: {items}.\"",
     "\"Cần: {items}; {reason}.\", en: \"{reason}: {items} {items}.\""},
    {72, BROKEN, "messages.yaml",
     "messages:", "messages:\n  lost: {title: {vi: a, en: b}, text: {vi: c, en: d}}"},
    {72, KEPT, "messages.yaml",
     "messages:", "messages:\n  submitted: {title: {vi: a, en: b}, text: {vi: c, en: d}}"},
    {73, BROKEN, "messages.yaml",
     "  hand_over:\n    title: {vi: \"Đã trả kết quả {code}\", en: \"Result of {code} handed "
     "over\"}\n    text: {vi: \"Cảm ơn ông/bà.\", en: \"Thank you.\"}\n",
     ""},
    {73, KEPT, "messages.yaml", "Cảm ơn ông/bà.", "Cảm ơn."},
    {74, BROKEN, "messages.yaml", "\"Cảm ơn ông/bà.\", en: \"Thank you.\"",
     "\"Cảm ơn {}.\", en: \"Thanks {}.\""},
    {74, BROKEN, "messages.yaml", "\"Cảm ơn ông/bà.\", en: \"Thank you.\"",
     "\"Cảm ơn {Code}.\", en: \"Thanks {Code}.\""},
    {74, BROKEN, "messages.yaml", "\"Cảm ơn ông/bà.\", en: \"Thank you.\"",
     "\"Cảm ơn {code.\", en: \"Thanks {code.\""},
    {74, BROKEN, "messages.yaml", "en: \"Thank you.\"", "en: \"Thank you {code.\""},
    {74, KEPT, "messages.yaml", "\"Cảm ơn ông/bà.\", en: \"Thank you.\"",
     "\"{code} {service} {unit} {due} }\", en: \"{due} {unit} {service} {code}\""},
    {80, BROKEN, "tests/main.case", NULL, NULL},
    {80, KEPT, "tests/main.case", "case: filed", "case: nộp"},
    {4, BROKEN, "flow.yaml", ACTS, FORK("fire: {unit: fire}", JOINED)},
    {34, BROKEN, "flow.yaml", ACTS,
     FORK("fire: {name: {vi: C, en: D}, unit: fire, by: [], within: 1wd, silence: agree}",
          JOINED)},
    {34, KEPT, "flow.yaml", ACTS, FORK(FIRE, JOINED)},
    {42, BROKEN, "flow.yaml", ACTS, FORK(FIRE, JOINED "    pause: [legal]\n")},
    {43, BROKEN, "flow.yaml", ACTS,
     FORK("fire: {name: {vi: C, en: D}, unit: fire, by: [leader], within: 0wd, silence: agree}",
          JOINED)},
    {14, BROKEN, "flow.yaml", ACTS,
     FORK(BRANCH("fire", "fire", "silence: agree, if: 'act.comment + 1'"), JOINED)},
    {81, BROKEN, "flow.yaml", ACTS, FORK("", JOINED)},
    {81, BROKEN, "flow.yaml", ACTS, FORK(FIRE, "    join: all\n")},
    {81, BROKEN, "flow.yaml", ACTS, FORK(FIRE, "    to: ready\n")},
    {81, BROKEN, "flow.yaml", "    within: 12wh\n", "    within: 12wh\n    to: ready\n"},
    {81, KEPT, "flow.yaml", ACTS, FORK(FIRE, JOINED)},
    {82, BROKEN, "flow.yaml", ACTS, FORK(FIRE ", " LAND, "    join: 3\n    to: ready\n")},
    {82, BROKEN, "flow.yaml", ACTS, FORK(FIRE ", " LAND, "    join: 0\n    to: ready\n")},
    {82, BROKEN, "flow.yaml", ACTS, FORK(FIRE ", " LAND, "    join: most\n    to: ready\n")},
    {82, KEPT, "flow.yaml", ACTS, FORK(FIRE ", " LAND, "    join: 2\n    to: ready\n")},
    {82, KEPT, "flow.yaml", ACTS, FORK(FIRE ", " LAND, "    join: any\n    to: ready\n")},
    {83, BROKEN, "flow.yaml", ACTS, FORK(BRANCH("a", "fire", "silence: wait"), JOINED)},
    {83, KEPT, "flow.yaml", ACTS, FORK(BRANCH("a", "fire", "silence: refuse"), JOINED)},
    {84, BROKEN, "flow.yaml", ACTS, FORK(BRANCH("a", "Fire", "silence: agree"), JOINED)},
    {84, BROKEN, "flow.yaml", ACTS, FORK(BRANCH("a", "H07.10", "silence: agree"), JOINED)},
    {84, BROKEN, "flow.yaml", "    within: 12wh\n", "    within: 12wh\n    at: sở\n"},
    {84, KEPT, "flow.yaml", "    within: 12wh\n", "    within: 12wh\n    at: land-use\n"},
    {84, KEPT, "flow.yaml", "    within: 12wh\n", "    within: 12wh\n    at: superior\n"},
    {85, BROKEN, "flow.yaml", ACTS, FORK(BRANCH("a-b", "fire", "silence: agree"), JOINED)},
    {85, BROKEN, "flow.yaml", ACTS,
     FORK(FIRE, "    join: all\n    to: again\n  again:\n    name: {vi: A, en: B}\n"
                "    status: 4\n    fork: {" FIRE "}\n" JOINED)},
    {85, KEPT, "flow.yaml", ACTS, FORK(BRANCH("a_b", "fire", "silence: agree"), JOINED)},
    {86, BROKEN, "flow.yaml", ACTS, FORK(FIRE, "    join: all\n    to: waiting\n")},
    {86, BROKEN, "flow.yaml", "after: {30cd: lapsed}\n  processing:",
     "after: {30cd: processing}\n  processing:\n    at_most: 2"},
    {86, KEPT, "flow.yaml", ONCE, "    at_most: 100\n" REST "    by: [specialist]\n"},
    {87, BROKEN, "flow.yaml", "    within: 12wh\n", "    within: 12wh\n    appeal: 90cd\n"},
    {87, BROKEN, "flow.yaml", "appeal: 90cd", "appeal: {within: 90cd, to: withdrawn}"},
    {87, BROKEN, "flow.yaml", "appeal: 90cd", "appeal: {within: 90cd, to: [ready]}"},
    {87, BROKEN, "flow.yaml", "    within: 12wh\n",
     "    within: 12wh\n    reopen: {by: [leader], within: 30cd, to: ready}\n"},
    {87, KEPT, "flow.yaml", "appeal: 90cd", "appeal: 30cd"},
    {43, BROKEN, "flow.yaml", "appeal: 90cd", "appeal: {within: 90wd, to: processing}"},
    {35, BROKEN, "flow.yaml", "appeal: 90cd", "appeal: {within: 90cd, to: processing}"},
    {88, BROKEN, "flow.yaml", ACTS,
     FORK(FIRE, JOINED "    by: [leader]\n    on: {approve: {to: ready, if: 'branch.fire == "
                       "\"agree\"'}}\n")},
    {88, KEPT, "flow.yaml", "hand_over: {to: returned, do: [handover, notify]}\n",
     "hand_over: {to: again, do: [notify]}\n"
     "  again:\n    name: {vi: A, en: B}\n    status: 9\n    fork: {" FIRE "}\n    join: all\n"
     "    to: last\n  last:\n    name: {vi: A, en: B}\n    status: 9\n    by: [leader]\n"
     "    on: {approve: {to: returned, if: 'branch.fire != \"refuse\"', do: [handover, "
     "notify]},\n"
     "         hand_over: {to: returned, do: [handover, notify]}}\n"},
    {140, BROKEN, PLATE, "when:size", "if:size"},
    {140, BROKEN, PLATE, "then:vnd:int", "then:vnd:number"},
    {140, BROKEN, PLATE, "small,0,", "small,0"},
    {140, BROKEN, "tables/z.csv", NULL, ""},
    {140, KEPT, PLATE, "small,0,\n", "small,0,x\n"},
    {141, BROKEN, PLATE, "small,0", "smal,0"},
    {141, BROKEN, PLATE, "5000", "5.000"},
    {141, KEPT, PLATE, "5000", "-"},
    {142, BROKEN, PLATE, "small,0,\n", ""},
    {142, BROKEN, PLATE, "small|large", "small|large|huge"},
    {142, KEPT, PLATE, "large,5000", "-,5000"},
    {143, BROKEN, PLATE, "text small|large,then:vnd:int,note\nsmall,0,\nlarge,5000",
     "text small|large|huge,then:vnd:int,note\nsmall|large,0,\nlarge|huge,5000"},
    {143, KEPT, PLATE, "text small|large,then:vnd:int,note\nsmall,0,\nlarge,5000",
     "text small|large|huge,then:vnd:int,note\nsmall|large,0,\nlarge|huge,0"},
    {144, BROKEN, PLATE, "small,0", "-,0"},
    {144, KEPT, PLATE, "large,5000", "-,5000"},
    {145, BROKEN, "tables/z.csv", NULL, "when:a:int,then:b:int\n-,1\n"},
    {145, KEPT, PLATE, "small,0", "small,1"},
    {146, BROKEN, "tables/z.csv", NULL, LARGE_TABLE},
    {146, KEPT, PLATE, "small,0", "small,2"},
    {147, BROKEN, "tables/z.txt", NULL, "when:a:int,then:b:int\n-,1\n"},
    {147, BROKEN, "tables/Z.csv", NULL, "when:a:int,then:b:int\n-,1\n"},
    {147, KEPT, "tables/z.csv", NULL, "when:a:int,then:b:int\n-,1\n"},
};

/* What is told as an error beside the rule itself. A way that a row makes longer than the clock
 * is what P050 is for, and not what the row is about. */
static size_t others(const struct pack_findings *found, const char *rule)
{
    size_t n = 0;
    for (size_t i = 0; i < found->n; i++)
        n += !found->v[i].is_warning && !str_eq(found->v[i].rule, str_from(rule)) &&
             !str_eq(found->v[i].rule, STR("P050"));
    return n;
}

static void row_check(struct ctx *cx, const struct row *r, size_t i)
{
    const char *rule = str_fmt(cx->mem, "P%03d", r->rule).p;
    struct pack_findings found;
    struct pack *p = NULL;
    const struct pack_rule *known = pack_rule_find(str_from(rule));
    assert_non_null(known);
    bool is_warning = known->severity == PACK_WARNING;
    enum rc rc = pack_check(cx, edited(cx, r->file, r->from, r->to), &found, &p);
    bool told = findings_have(&found, rule);
    bool too_long = findings_have(&found, "P050");
    enum rc want = (r->outcome == BROKEN && !is_warning) || too_long ? RC_PACK : RC_OK;
    bool is_alone = r->outcome == BROKEN || others(&found, rule) == 0;
    if (told != (r->outcome == BROKEN) || rc != want || !is_alone ||
        (rc == RC_OK) != (p != NULL)) {
        findings_tell(&found);
        fail_msg("row %zu: %s %s: %s", i, rule, told ? "told" : "not told",
                 r->to ? r->to : "(left out)");
    }
}

static void rows_hold(void **state)
{
    for (size_t i = 0; i < ROWS(rows); i++)
        row_check(ctx_new(*state, NULL), &rows[i], i);
}

/* A rule that is added without an example of both kinds fails here. */
static void rules_have_rows(void **state)
{
    static const int numbers[] = {
#define PACK_RULE(number, severity, vi, en) number,
#include "pack/rules.def"
#undef PACK_RULE
    };
    for (size_t i = 0; i < ROWS(numbers); i++) {
        bool has[2] = {false, false};
        assert_true(i == 0 || numbers[i - 1] < numbers[i]);
        for (size_t k = 0; k < ROWS(rows); k++)
            if (rows[k].rule == numbers[i])
                has[rows[k].outcome] = true;
        /* later rules have their examples in tests/packs/PNNN: test_pack_examples.c */
        if (numbers[i] < 100 && (!has[KEPT] || !has[BROKEN]))
            fail_msg("P%03d has no row that is %s", numbers[i], has[KEPT] ? "broken" : "kept");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {UNIT(rows_hold), UNIT(rules_have_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
