/* yaml.h - YAML 1.1 documents (libyaml) into a json tree with source lines.
 * See docs/internals/text.md.
 *
 * Plain scalars: true/false, null, whole numbers; everything else is text. No anchors, tags,
 * merges or multiple documents: a pack is data, and what a reader sees is what there is.
 * Duplicate keys are refused. On failure cx->err.detail names line and column. */
#ifndef TEXT_YAML_H
#define TEXT_YAML_H

#include "text/json.h"

MUST_USE enum rc yaml_parse(struct ctx *cx, struct str text, struct json **ret);

#endif
