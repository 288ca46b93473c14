/* http.h - the parts of HTTP that are only text: framing rules, addresses, fields, cookies,
 * multipart bodies. No sockets and no threads, so that all of it can be fuzzed. See
 * docs/internals/http.md.
 *
 * Results point into what was given, or into the arena where an escape had to be undone. None
 * of it is checked beyond its syntax: values may hold any byte, and be no UTF-8, unless
 * said. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/ctx.h"

/* -- framing: what the library below lets through and we refuse -- */
/* Zeroed, then fed each header line, then checked. RFC 9112 sections 3, 5, 6; RFC 9110 7.2.
 * Stricter than those where two readers might differ: one Host, one Content-Length of at most
 * 18 digits (no lists), Transfer-Encoding only "chunked", only in HTTP/1.1 and never beside a
 * length. */
struct framing {
    unsigned hosts, lengths, codings, types;
    int64_t length; /* of the body; -1 when chunked */
    struct str host;
    const char *fault; /* the first one */
};
enum { HTTP_HEADERS_MAX = 100 };
void framing_header(struct framing *f, struct str name, struct str value);
/* The reason to refuse the request (English, for the log; the client gets 400), or NULL. */
const char *framing_check(struct framing *f, struct str version);
/* "HOST[:PORT]", in the characters a host may have; at most 260 bytes. */
bool host_is(struct str s);

/* Splits a request target into its decoded path and its raw query (STR_NULL when absent).
 * Absolute form must name the same host. False on anything but a plain absolute path: bad
 * escapes, control characters, "//", "." and ".." segments, backslashes, fragments, an escaped
 * '/', what is not UTF-8. "/x/" is "/x". */
MUST_USE bool target_parse(struct arena *mem, struct str target, struct str host,
                           struct str *path, struct str *query);

/* -- fields: application/x-www-form-urlencoded -- */
enum { FIELDS_MAX = 1000 };
struct field {
    struct str name, value;
};
struct fields {
    struct field *v;
    size_t n, room;
};
/* Decodes %XX, and '+' as a space when plus is set; false on a bad escape. %00 gives a zero
 * byte. */
MUST_USE bool url_decode(struct arena *mem, struct str s, bool plus, struct str *ret);
/* WHATWG URL, application/x-www-form-urlencoded: "a" is "a=", empty pairs are passed over, a
 * name may stand several times. MALFORMED on a bad escape, TOO_LARGE over FIELDS_MAX. Adds to
 * *to. */
MUST_USE enum rc fields_parse(struct ctx *cx, struct str text, struct fields *to);
MUST_USE enum rc fields_add(struct ctx *cx, struct fields *to, struct str name,
                            struct str value);
/* The first field of that name, or STR_NULL. */
struct str fields_find(const struct fields *f, struct str name);

/* -- headers -- */
/* The first cookie of that name, or STR_NULL. */
struct str cookie_find(struct str header, struct str name);
/* Whether the media type of a Content-Type header is `type` (parameters ignored). */
bool media_is(struct str header, struct str type);
/* Parameter of a header value: boundary="x" gives x; names in any case. STR_NULL when absent.
 * RFC 8187's name*=… is another name and is not read. */
struct str header_param(struct arena *mem, struct str header, struct str name);
/* Whether Accept-Encoding names gzip, with a weight above zero (RFC 9110 12.5.3); "*" is no
 * name. */
bool gzip_is_accepted(struct str header);

/* -- multipart/form-data (RFC 7578), in pieces as they arrive -- */
struct part {
    struct str name;
    struct str file; /* STR_NULL for a plain field */
};
/* What a body becomes: begin, data in pieces of any length (none for an empty part), end, for
 * each part in turn. A failure of any of them ends the feed and is returned by it. data's bytes
 * are gone when it returns; a part's name and file stay in cx->mem. */
struct multipart_sink {
    enum rc (*begin)(struct ctx *cx, void *arg, const struct part *p);
    enum rc (*data)(struct ctx *cx, void *arg, struct str bytes);
    enum rc (*end)(struct ctx *cx, void *arg);
    void *arg;
};
enum { PART_HEAD_MAX = 4096, PARTS_MAX = 200 };
struct multipart;
/* content_type: the header. UNSUPPORTED: another type; MALFORMED: no usable boundary (RFC 2046
 * 5.1.1: 1-70 characters). */
MUST_USE enum rc multipart_new(struct ctx *cx, struct str content_type,
                               const struct multipart_sink *sink, struct multipart **ret);
/* In constant memory: a window of 16 KiB. MALFORMED: text before the first boundary, behind one
 * or behind the last; a part without a name. UNSUPPORTED: a Content-Transfer-Encoding (RFC 7578
 * 4.7). TOO_LARGE: a part's head over PART_HEAD_MAX bytes, more than PARTS_MAX parts. */
MUST_USE enum rc multipart_feed(struct ctx *cx, struct multipart *m, struct str bytes);
/* After the last byte: MALFORMED when the closing boundary did not come. */
MUST_USE enum rc multipart_finish(struct ctx *cx, struct multipart *m);

#endif
