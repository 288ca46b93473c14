/* qr.c - a text as a QR code (ISO/IEC 18004), by libqrencode. */
#include <errno.h>
#include <qrencode.h>

#include "letter/sheet.h"

/* Level M: a fold or a stamp may hide a seventh of it. The version follows from the text, and
 * the mask from both: the same text is always the same picture. */
enum rc qr_make(struct ctx *cx, struct str text, struct part *ret)
{
    QRcode *q = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
    if (!q)
        return FAIL(cx, TOO_LARGE, "qr", "%zu bytes, errno %d", text.n, errno);
    size_t n = (size_t)q->width * (size_t)q->width;
    arena_on_free(cx->mem, (void (*)(void *))QRcode_free, q);
    unsigned char *dark = arena_alloc(cx->mem, n);
    for (size_t i = 0; i < n; i++)
        dark[i] = q->data[i] & 1;
    ret->qr = dark;
    ret->qr_side = q->width;
    return RC_OK;
}
