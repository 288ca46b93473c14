/* words.h - the fixed words of a flow: effects, statuses, inputs of acts. See packs/README.md.
 * Included by flow/flow.h. */
#ifndef FLOW_WORDS_H
#define FLOW_WORDS_H

enum effect {
#define EFFECT(name, text) EFFECT_##name,
#include "effects.def"
#undef EFFECT
    EFFECT_COUNT
};

/* The ten statuses of the national list (DOMAIN: danh mục trạng thái hồ sơ). */
enum status {
    STATUS_NEW = 1,
    STATUS_RECEIVED,
    STATUS_NOT_RECEIVED,
    STATUS_PROCESSING,
    STATUS_SUPPLEMENT,
    STATUS_PAYMENT,
    STATUS_WITHDRAWN,
    STATUS_STOPPED,
    STATUS_READY,
    STATUS_RETURNED,
};

enum act_input {
    IN_REASON = 1,
    IN_ITEMS = 2,
    IN_LAW = 4,
    IN_COMMENT = 8,
    IN_ANSWER = 16,
    IN_RESULT = 32,
    IN_RATING = 64,
};

#endif
