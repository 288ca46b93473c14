/* words.h - the fixed words of a flow: effects, statuses, inputs of acts. See packs/README.md.
 * Included by flow/flow.h. */
#ifndef FLOW_WORDS_H
#define FLOW_WORDS_H

/* What a transition does besides moving, in the order of effects.def, which says of each what
 * it does. As bits: 1u << EFFECT_notify. */
enum effect {
#define EFFECT(name, text) EFFECT_##name,
#include "effects.def"
#undef EFFECT
    EFFECT_COUNT
};

/* The ten statuses of the national list (danh mục trạng thái hồ sơ), with its numbers: what
 * lookups and the API tell outside, whatever states a service has inside. Each state declares
 * one; several may share it. */
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

/* What an act takes from whoever does it: bits of flow_act.need (refused without) and .may.
 * Texts are sealed with the event and never facts. */
enum act_input {
    /* LAW: ND61/2018 17, 19.8 - whoever refuses or sends back says why … */
    IN_REASON = 1,
    /* … and all that is missing, at once: a list of lines. */
    IN_ITEMS = 2,
    /* The clause that a refusal rests on. */
    IN_LAW = 4,
    /* For colleagues; the applicant does not read it. May stand beside every act. */
    IN_COMMENT = 8,
    /* The reply in words; may be published when the flow says so. */
    IN_ANSWER = 16,
    /* A file: the decision or paper that was asked for. */
    IN_RESULT = 32,
    /* The applicant's, 1 to 3. */
    IN_RATING = 64,
};

#endif
