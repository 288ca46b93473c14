/* press.c - one set of fonts in a process, and the PDF file around what the pen draws.
 *
 * Fonts are the program's own, never the machine's: what is installed, a locale or a user's
 * settings change no byte. Pango's font map is no thread's friend, so one letter is drawn at a
 * time; a page takes milliseconds. */
#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/app.h"
#include "base/locked.h"
#include "letter/letter_priv.h"
#include "letter/press_priv.h"
#include "page/embed.h"
#include "text/yaml.h"

/* As pango/pangofc-fontmap.h has it. That header brings FreeType's, which speak of functions that
 * banned.h poisons. */
extern void pango_fc_font_map_set_config(void *map, FcConfig *config);

enum { FONTS = 3 };
static const char *const font_names[FONTS] = {"MotcuaSerif-Regular", "MotcuaSerif-Bold",
                                              "MotcuaSerif-Italic"};

struct letters {
    struct locked own;
    PangoFontMap *fonts; /* NULL until the first letter */
    int fd[FONTS];       /* their files in memory, as long as the fonts; 0: not open */
    const struct json *forms[LETTER_FORM_COUNT];
};

static enum rc forms_load(struct ctx *cx, struct letters *all)
{
    static const char *const names[] = {
        NULL,
#define LETTER(name, form, symbol, template) template,
#include "letters.def"
#undef LETTER
    };
    for (size_t i = 1; i < LETTER_FORM_COUNT; i++) {
        struct str path = str_fmt(cx->mem, "templates/letter/%s.yaml", names[i]);
        const struct embed_file *f = embed_find(path);
        struct json *yaml = NULL;
        if (!f)
            return FAIL(cx, INTERNAL, NULL, "%s is not there", path.p);
        TRY(yaml_parse(cx, f->data, &yaml));
        all->forms[i] = yaml;
    }
    return RC_OK;
}

static void fonts_close(struct letters *all)
{
    for (size_t i = 0; i < FONTS; i++)
        if (all->fd[i] > 0)
            close(all->fd[i]);
    memset(all->fd, 0, sizeof all->fd);
}

static void letters_close(void *arg)
{
    struct letters *all = arg;
    if (all->fonts)
        g_object_unref(all->fonts);
    fonts_close(all);
}

enum rc letters_open(struct ctx *cx, struct letters **ret)
{
    struct letters *all = arena_new_of(cx->app->mem, struct letters);
    struct arena *mem = cx->mem;
    locked_begin(&all->own, cx->app->mem, 0);
    arena_on_free(cx->app->mem, letters_close, all);
    cx->mem = cx->app->mem; /* templates live as long as the process */
    enum rc rc = forms_load(cx, all);
    cx->mem = mem;
    TRY(rc);
    *ret = all;
    return RC_OK;
}

const struct json *form_template(struct ctx *cx, enum letter_form form)
{
    return cx->app->letters->forms[form];
}

/* -- fonts: read from the program through a file in memory, since fontconfig wants a path -- */

static bool font_add(FcConfig *config, const char *name, int *ret)
{
    char path[32];
    char asset[80];
    snprintf(asset, sizeof asset, "assets/dist/%s.ttf", name);
    const struct embed_file *f = embed_find(str_from(asset));
    int fd = f ? memfd_create(name, MFD_CLOEXEC) : -1;
    if (fd <= 0)
        return false;
    *ret = fd; /* its owner closes it, whatever becomes of it here */
    for (size_t done = 0; done < f->data.n;) {
        ssize_t n = write(fd, f->data.p + done, f->data.n - done);
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return FcConfigAppFontAddFile(config, (const FcChar8 *)path);
}

static bool fonts_load(struct letters *all)
{
    if (all->fonts)
        return true;
    FcConfig *config = FcConfigCreate();
    for (size_t i = 0; i < FONTS; i++)
        if (!font_add(config, font_names[i], &all->fd[i])) {
            FcConfigDestroy(config);
            fonts_close(all);
            return false;
        }
    all->fonts = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_fc_font_map_set_config(all->fonts, config);
    FcConfigDestroy(config); /* the map holds it now */
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(all->fonts), 72);
    return true;
}

/* -- the file -- */

struct output { /* outside the arena, which may escape */
    char *p;
    size_t n, room;
    bool over;
};

static cairo_status_t output_write(void *arg, const unsigned char *data, unsigned n)
{
    struct output *out = arg;
    if (out->n + n > LETTER_BYTES_MAX)
        out->over = true;
    if (out->over)
        return CAIRO_STATUS_WRITE_ERROR;
    if (out->n + n > out->room) {
        size_t room = (out->n + n) * 2;
        char *p = realloc(out->p, room); /* boundary: the arena must not escape here */
        if (!p)
            return CAIRO_STATUS_NO_MEMORY;
        out->p = p;
        out->room = room;
    }
    memcpy(out->p + out->n, data, n);
    out->n += n;
    return CAIRO_STATUS_SUCCESS;
}

static const struct {
    int width, height, side, top; /* points */
} papers[] = {[PAPER_A5] = {420, 595, 36, 30},
              [PAPER_A4] = {595, 842, 57, 57},
              [PAPER_A4_WIDE] = {842, 595, 36, 36}};

/* Nothing of the machine's: hinting, language and rounding are said here. */
static PangoContext *context_new(struct letters *all, const struct sheet *s, cairo_t *cr)
{
    PangoContext *pc = pango_font_map_create_context(all->fonts);
    cairo_font_options_t *o = cairo_font_options_create();
    cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(pc, o);
    cairo_font_options_destroy(o);
    pango_context_set_language(pc, pango_language_from_string(s->lang));
    pango_context_set_base_dir(pc, PANGO_DIRECTION_LTR);
    pango_context_set_round_glyph_positions(pc, FALSE);
    pango_cairo_update_context(cr, pc);
    return pc;
}

static void meta_put(cairo_surface_t *pdf, const struct sheet *s)
{
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_TITLE, s->title);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_AUTHOR, s->author);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, s->created);
}

/* Once over the parts. *pages: as told on the pages, then as counted. */
static bool print_once(struct letters *all, const struct sheet *s, int *pages,
                       struct output *out)
{
    int w = papers[s->paper].width, h = papers[s->paper].height;
    out->n = 0;
    cairo_surface_t *pdf = cairo_pdf_surface_create_for_stream(output_write, out, w, h);
    meta_put(pdf, s);
    cairo_t *cr = cairo_create(pdf);
    struct pen pen = {.cr = cr,
                      .pango = context_new(all, s, cr),
                      .sheet = s,
                      .width = w * PANGO_SCALE,
                      .height = h * PANGO_SCALE,
                      .side = papers[s->paper].side * PANGO_SCALE,
                      .top = papers[s->paper].top * PANGO_SCALE,
                      .bottom = papers[s->paper].top * PANGO_SCALE,
                      .pages = *pages};
    bool ok = pen_draw(&pen);
    g_object_unref(pen.pango);
    cairo_destroy(cr);
    cairo_surface_finish(pdf);
    ok = ok && cairo_surface_status(pdf) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(pdf);
    *pages = pen.page;
    return ok;
}

/* Most letters have one page; others are drawn again once their pages are counted. */
static bool print_all(struct letters *all, const struct sheet *s, struct output *out)
{
    int told = 1, pages = told;
    if (!print_once(all, s, &pages, out))
        return false;
    told = pages;
    return pages == 1 || (print_once(all, s, &pages, out) && pages == told);
}

static void output_free(void *arg)
{
    struct output *out = arg;
    free(out->p);
}

enum rc press_print(struct ctx *cx, const struct sheet *s, struct str *ret)
{
    struct letters *all = cx->app->letters;
    struct output *out = arena_new_of(cx->mem, struct output);
    bool ok = false;
    if (!all)
        return FAIL(cx, INTERNAL, NULL, "letters are not opened");
    arena_on_free(cx->mem, output_free, out);
    locked_take(&all->own); /* no arena is used until it is given back */
    bool ready = fonts_load(all);
    if (ready)
        ok = print_all(all, s, out);
    locked_give(&all->own);
    if (!ready)
        return FAIL(cx, IO, NULL, "the letters' fonts cannot be loaded");
    if (!ok)
        return FAIL(cx, TOO_LARGE, "letter", "over %d bytes or %d pages, or cairo failed",
                    LETTER_BYTES_MAX, PAGES_MAX);
    *ret = str_n(out->p, out->n);
    return RC_OK;
}
