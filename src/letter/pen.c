/* pen.c - parts of a letter onto pages: wrapping, tables, signatures, the QR code. */
#include <pango/pangocairo.h>

#include "letter/press_priv.h"

enum {
    FOOT_SIZE = 7,   /* points */
    CELL_LINES = 30, /* a cell ends with … there: its row must fit on one page */
    SIGN_ROOM = 38,  /* for the hand or the seal */
    QR_SIZE = 62,    /* 22 mm with its quiet zone */
    QR_QUIET = 2,    /* modules; the paper around is white, too */
    QR_DOTS = 8,     /* to a module: some viewers smooth pictures, which must not blur it */
};
#define POINTS(n) ((n)*PANGO_SCALE)

static double pt(int units)
{
    return pango_units_to_double(units);
}

/* -- pages -- */

static int inner_width(const struct pen *pen)
{
    return pen->width - 2 * pen->side;
}

static int room_end(const struct pen *pen)
{
    return pen->height - pen->bottom - POINTS(FOOT_SIZE + 3);
}

/* -- text -- */

static PangoLayout *layout_new(const struct pen *pen, const struct rich *r,
                               const struct look *look, int width)
{
    static const PangoAlignment aligns[] = {[ALIGN_JUSTIFY] = PANGO_ALIGN_LEFT,
                                            [ALIGN_LEFT] = PANGO_ALIGN_LEFT,
                                            [ALIGN_CENTER] = PANGO_ALIGN_CENTER,
                                            [ALIGN_RIGHT] = PANGO_ALIGN_RIGHT};
    PangoLayout *l = pango_layout_new(pen->pango);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, FONT_FAMILY);
    pango_font_description_set_size(font, POINTS(look->size));
    pango_font_description_set_weight(font,
                                      look->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_style(font,
                                     look->italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
    pango_layout_set_font_description(l, font);
    pango_font_description_free(font);
    PangoAttrList *attrs = pango_attr_list_new();
    for (size_t i = 0; i < r->nbold; i++) {
        PangoAttribute *a = pango_attr_weight_new(PANGO_WEIGHT_BOLD);
        a->start_index = r->bold[i].from;
        a->end_index = r->bold[i].to;
        pango_attr_list_insert(attrs, a);
    }
    pango_attr_list_insert(attrs, pango_attr_insert_hyphens_new(FALSE));
    if (look->upper)
        pango_attr_list_insert(attrs,
                               pango_attr_text_transform_new(PANGO_TEXT_TRANSFORM_UPPERCASE));
    pango_layout_set_attributes(l, attrs);
    pango_attr_list_unref(attrs);
    pango_layout_set_width(l, width);
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(l, aligns[look->align]);
    pango_layout_set_justify(l, look->align == ALIGN_JUSTIFY);
    pango_layout_set_text(l, r->text.n ? r->text.p : "", (int)r->text.n);
    return l;
}

static int layout_height(PangoLayout *l)
{
    int h = 0;
    pango_layout_get_size(l, NULL, &h);
    return h;
}

static void layout_show(struct pen *pen, PangoLayout *l, int x, int y)
{
    cairo_move_to(pen->cr, pt(x), pt(y));
    pango_cairo_show_layout(pen->cr, l);
}

/* Shows text of one place; gives its height. */
static int text_at(struct pen *pen, const struct rich *r, const struct look *look,
                   const int at[3])
{
    if (!r->text.n)
        return 0;
    PangoLayout *l = layout_new(pen, r, look, at[2]);
    int h = layout_height(l);
    layout_show(pen, l, at[0], at[1]);
    g_object_unref(l);
    return h;
}

static void foot_draw(struct pen *pen)
{
    char page[80];
    const struct look left = {.size = FOOT_SIZE, .align = ALIGN_LEFT};
    const struct look right = {.size = FOOT_SIZE, .align = ALIGN_RIGHT};
    int y = pen->height - pen->bottom - POINTS(FOOT_SIZE - 2);
    int n =
        snprintf(page, sizeof page, "%s %d/%d", pen->sheet->page_word, pen->page, pen->pages);
    struct rich foot = {.text = pen->sheet->foot}, number = {.text = {page, (size_t)n}};
    text_at(pen, &foot, &left, (int[]){pen->side, y, inner_width(pen) * 4 / 5});
    text_at(pen, &number, &right, (int[]){pen->side, y, inner_width(pen)});
}

static void page_begin(struct pen *pen)
{
    pen->page++;
    pen->y = pen->top;
}

static void page_end(struct pen *pen)
{
    foot_draw(pen);
    cairo_show_page(pen->cr);
}

/* Whatever is `height` high begins on a page that has room for it. */
static void room_make(struct pen *pen, int height)
{
    if (pen->y + height <= room_end(pen) || pen->y == pen->top)
        return;
    page_end(pen);
    page_begin(pen);
}

/* -- running text: broken between lines -- */

static void text_draw(struct pen *pen, const struct part *p)
{
    int x = pen->side + POINTS(p->look.indent);
    PangoLayout *l =
        layout_new(pen, &p->cells[0], &p->look, inner_width(pen) - POINTS(p->look.indent));
    PangoLayoutIter *it = pango_layout_get_iter(l);
    if (pen->y > pen->top)
        pen->y += POINTS(p->look.before);
    do {
        PangoRectangle box;
        int from = 0, to = 0;
        pango_layout_iter_get_line_extents(it, NULL, &box);
        pango_layout_iter_get_line_yrange(it, &from, &to);
        room_make(pen, to - from);
        int base = pango_layout_iter_get_baseline(it) - from;
        cairo_move_to(pen->cr, pt(x + box.x), pt(pen->y + base));
        pango_cairo_show_layout_line(pen->cr, pango_layout_iter_get_line_readonly(it));
        pen->y += to - from;
    } while (pango_layout_iter_next_line(it));
    pango_layout_iter_free(it);
    g_object_unref(l);
}

/* -- the head: the office at the left, the nation at the right -- */

static void rule_draw(struct pen *pen, int from, int to, int y)
{
    cairo_set_line_width(pen->cr, 0.6);
    cairo_move_to(pen->cr, pt(from), pt(y));
    cairo_line_to(pen->cr, pt(to), pt(y));
    cairo_stroke(pen->cr);
}

/* LAW: ND30/2020 annex I - a line below the office's name, a third to a half of it, and one
 * below the motto, as long as it. Gives where the column ends. */
static int head_column(struct pen *pen, const struct part *p, size_t first, int x, int width)
{
    const int sizes[] = {p->look.size, p->look.size, p->look.size};
    bool left = first == HEAD_SUPERIOR;
    int y = pen->y;
    for (size_t i = 0; i < 3; i++) {
        const struct rich *r = &p->cells[first + i];
        struct look look = {.size = sizes[i],
                            .align = ALIGN_CENTER,
                            .bold = i == 1 || (!left && i == 0),
                            .italic = !left && i == 2,
                            .upper = i == 0 || (left && i == 1)};
        if (!r->text.n)
            continue;
        PangoLayout *l = layout_new(pen, r, &look, width);
        PangoRectangle box;
        pango_layout_get_extents(l, NULL, &box);
        layout_show(pen, l, x, y);
        g_object_unref(l);
        y += box.height + POINTS(1);
        if (i != 1)
            continue;
        int line = left ? box.width * 2 / 5 : box.width;
        y += POINTS(2); /* clear of marks below letters: Ị, Ạ */
        rule_draw(pen, x + (width - line) / 2, x + (width + line) / 2, y);
        y += POINTS(4);
    }
    return y;
}

static void head_draw(struct pen *pen, const struct part *p)
{
    int all = inner_width(pen), left = all * 45 / 100, gap = POINTS(6);
    int a = head_column(pen, p, HEAD_SUPERIOR, pen->side, left - gap);
    int b = head_column(pen, p, HEAD_NATION, pen->side + left, all - left);
    pen->y = (a > b ? a : b) + POINTS(2);
}

/* -- tables -- */

struct row {
    PangoLayout *cells[COLUMNS_MAX];
    int height;
};

static int column_x(const struct part *p, size_t col, int all)
{
    int64_t sum = 0, before = 0;
    for (size_t i = 0; i < p->ncols; i++) {
        before += i < col ? p->cols[i].weight : 0;
        sum += p->cols[i].weight;
    }
    return (int)(all * before / sum);
}

static void row_make(struct pen *pen, const struct part *p, size_t first, struct row *row)
{
    const int pad = POINTS(3);
    bool head = first == 0;
    row->height = 0;
    for (size_t i = 0; i < p->ncols; i++) {
        int x = column_x(p, i, inner_width(pen)), end = column_x(p, i + 1, inner_width(pen));
        struct look look = {.size = p->look.size,
                            .bold = head,
                            .align = head ? ALIGN_CENTER : p->cols[i].align};
        PangoLayout *l = layout_new(pen, &p->cells[first + i], &look, end - x - 2 * pad);
        pango_layout_set_height(l, -CELL_LINES);
        pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
        int h = layout_height(l) + 2 * pad;
        row->height = h > row->height ? h : row->height;
        row->cells[i] = l;
    }
}

static void row_show(struct pen *pen, const struct part *p, const struct row *row)
{
    const int pad = POINTS(3);
    cairo_set_line_width(pen->cr, 0.5);
    for (size_t i = 0; i < p->ncols; i++) {
        int x = column_x(p, i, inner_width(pen)), end = column_x(p, i + 1, inner_width(pen));
        cairo_rectangle(pen->cr, pt(pen->side + x), pt(pen->y), pt(end - x), pt(row->height));
        cairo_stroke(pen->cr);
        layout_show(pen, row->cells[i], pen->side + x + pad, pen->y + pad);
    }
    pen->y += row->height;
}

static void row_free(const struct part *p, struct row *row)
{
    for (size_t i = 0; i < p->ncols; i++)
        g_object_unref(row->cells[i]);
}

static void table_draw(struct pen *pen, const struct part *p)
{
    struct row head, row;
    row_make(pen, p, 0, &head);
    pen->y += POINTS(p->look.before);
    for (size_t at = p->ncols; at + p->ncols <= p->ncells; at += p->ncols) {
        bool first = at == p->ncols;
        int page = pen->page;
        row_make(pen, p, at, &row);
        room_make(pen, row.height + (first ? head.height : 0));
        if (first || pen->page != page)
            row_show(pen, p, &head);
        row_show(pen, p, &row);
        row_free(p, &row);
        if (pen->page > PAGES_MAX)
            break;
    }
    if (p->ncells == p->ncols)
        row_show(pen, p, &head);
    row_free(p, &head);
}

/* -- signatures -- */

/* Shown (at y) or only measured (y < 0). */
static int sign_cell(struct pen *pen, const struct part *p, size_t sign, int y)
{
    size_t n = p->ncells / SIGN_CELLS;
    int width = inner_width(pen) / (int)n, x = pen->side + (int)sign * width, h = 0;
    for (size_t i = 0; i < SIGN_CELLS; i++) {
        const struct look look = {.size = p->look.size,
                                  .align = ALIGN_CENTER,
                                  .bold = i != SIGN_HINT,
                                  .italic = i == SIGN_HINT,
                                  .upper = i == SIGN_TITLE};
        PangoLayout *l =
            layout_new(pen, &p->cells[sign * SIGN_CELLS + i], &look, width - POINTS(8));
        if (i == SIGN_NAME)
            h += POINTS(SIGN_ROOM);
        if (y >= 0 && p->cells[sign * SIGN_CELLS + i].text.n)
            layout_show(pen, l, x + POINTS(4), y + h);
        h += layout_height(l);
        g_object_unref(l);
    }
    return h;
}

static void signs_draw(struct pen *pen, const struct part *p)
{
    size_t n = p->ncells / SIGN_CELLS;
    int height = 0;
    for (size_t i = 0; i < n; i++) {
        int h = sign_cell(pen, p, i, -1);
        height = h > height ? h : height;
    }
    pen->y += POINTS(p->look.before);
    room_make(pen, height);
    for (size_t i = 0; i < n; i++)
        sign_cell(pen, p, i, pen->y);
    pen->y += height;
}

/* -- the QR code -- */

static cairo_surface_t *qr_picture(const struct part *p)
{
    int side = p->qr_side * QR_DOTS;
    cairo_surface_t *pic = cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side);
    unsigned char *data = cairo_image_surface_get_data(pic);
    int stride = cairo_image_surface_get_stride(pic);
    cairo_surface_flush(pic);
    for (int y = 0; data && y < side; y++)
        for (int col = 0; col < p->qr_side; col++)
            memset(data + (size_t)y * (size_t)stride + (size_t)(4 * QR_DOTS * col),
                   p->qr[y / QR_DOTS * p->qr_side + col] ? 0 : 255, 4 * QR_DOTS);
    cairo_surface_mark_dirty(pic);
    return pic;
}

/* A picture: as a path of squares it took cairo longer than all the rest of a letter. */
static void qr_modules(struct pen *pen, const struct part *p, int x, int y)
{
    double module = pt(POINTS(QR_SIZE)) / (p->qr_side + 2 * QR_QUIET);
    cairo_surface_t *pic = qr_picture(p);
    cairo_save(pen->cr);
    cairo_translate(pen->cr, pt(x) + module * QR_QUIET, pt(y) + module * QR_QUIET);
    cairo_scale(pen->cr, module / QR_DOTS, module / QR_DOTS);
    cairo_set_source_surface(pen->cr, pic, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(pen->cr), CAIRO_FILTER_NEAREST);
    cairo_paint(pen->cr);
    cairo_restore(pen->cr);
    cairo_surface_destroy(pic);
}

static void qr_draw(struct pen *pen, const struct part *p)
{
    int side = POINTS(QR_SIZE), gap = POINTS(6), x = pen->side;
    PangoLayout *l = layout_new(pen, &p->cells[0], &p->look, inner_width(pen) - side - gap);
    int h = layout_height(l);
    pen->y += POINTS(p->look.before);
    room_make(pen, h > side ? h : side);
    qr_modules(pen, p, x, pen->y);
    layout_show(pen, l, x + side + gap, pen->y + (h < side ? (side - h) / 2 : 0));
    g_object_unref(l);
    pen->y += h > side ? h : side;
}

bool pen_draw(struct pen *pen)
{
    static void (*const draw[])(struct pen * pen, const struct part *p) = {
        [PART_HEAD] = head_draw,   [PART_TEXT] = text_draw, [PART_TABLE] = table_draw,
        [PART_SIGNS] = signs_draw, [PART_QR] = qr_draw,
    };
    pen->page = 0;
    page_begin(pen);
    for (size_t i = 0; i < pen->sheet->nparts && pen->page <= PAGES_MAX; i++)
        draw[pen->sheet->parts[i].kind](pen, &pen->sheet->parts[i]);
    page_end(pen);
    return pen->page <= PAGES_MAX;
}
