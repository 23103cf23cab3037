/* archive_page.c - the certificate of an archive as one page that needs nothing else: words, a table, curves (SVG) and
 * the cleaned heads (PNG inside of the page). Numbers are written as whole ones, so that no locale can change them. */
#include "alloc.h"
#include "archive.h"
#include "base64.h"
#include "format.h"
#include "sink.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 420, HEIGHT = 240, LEFT = 48, TOP = 16 }; /* of a picture of curves */

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>voxveil certificate</title>\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
    "'unsafe-inline'\">\n"
    "<style>body{font:15px/1.45 sans-serif;max-width:62em;margin:2em auto;padding:0 "
    "1em;color:#222}h1,h2{font-weight:600}\n"
    "table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2em .6em;text-align:right}\n"
    "td.t,th.t{text-align:left}.ok{color:#176b2c}.bad{color:#a01818}.heads img{width:128px;height:128px;margin:2px}\n"
    "svg text{font:11px sans-serif;fill:#333}figure{display:inline-block;margin:0 1em 1em 0}</style></head><body>\n";

static void put_percent(FILE *f, double share)
{
    int tenths = (int)floor(1000 * share + 0.5);
    fprintf(f, "%d.%d %%", tenths / 10, tenths % 10);
}

/* A sentence of our own, but for the signs that mean something to HTML. */
static void put_text(FILE *f, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            fputs("&lt;", f);
        else if (*text == '&')
            fputs("&amp;", f);
        else
            fputc(*text, f);
    }
}

static void put_sentences(FILE *f, const vv_archive_result *r, const char *title,
                          bool (*sentence)(const vv_archive_result *, int, char[240]))
{
    char words[240];
    fprintf(f, "<h2>%s</h2>\n<ul>\n", title);
    for (int n = 0; sentence(r, n, words); n++) {
        fputs("<li>", f);
        put_text(f, words);
        fputs("</li>\n", f);
    }
    fputs("</ul>\n", f);
}

static void put_row(FILE *f, const vv_attack_figure *a)
{
    const vv_rate *rate = &a->all;
    int auc = (int)floor(1000 * rate->auc + 0.5);
    fprintf(f, "<tr><td class=\"t\">%s</td><td class=\"t\">%s</td><td class=\"t\">%s</td><td>%d</td><td>",
            vv_attack_name(a->kind), vv_area_name(a->area), a->cleaned ? "cleaned" : "original", rate->n);
    put_percent(f, rate->rank1);
    fputs("</td><td>", f);
    put_percent(f, rate->rank1_lo);
    fputs(" to ", f);
    put_percent(f, rate->rank1_hi);
    fputs("</td><td>", f);
    put_percent(f, rate->rank5);
    fprintf(f, "</td><td>%d.%03d</td><td>", auc / 1000, auc % 1000);
    put_percent(f, rate->chance);
    fputs("</td><td>", f);
    put_percent(f, rate->chance_hi);
    fputs("</td></tr>\n", f);
}

static void put_table(FILE *f, const vv_attack_result *a)
{
    fputs("<h2>Attacks</h2>\n<table><tr><th class=\"t\">attack</th><th class=\"t\">looks at</th><th "
          "class=\"t\">scans</th>"
          "<th>n</th><th>found first</th><th>95 % (Wilson)</th><th>among first 5</th><th>AUC</th><th>by chance</th>"
          "<th>its 95 % limit</th></tr>\n",
          f);
    for (int i = 0; i < a->figures; i++)
        put_row(f, &a->figure[i]);
    fputs("</table>\n", f);
}

static void put_curve(FILE *f, const vv_rate *rate, const char *colour)
{
    fputs("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"", f);
    fprintf(f, "%s\" points=\"", colour);
    for (int k = 0; k < VV_RANKS; k++)
        fprintf(f, "%d,%d ", LEFT + k * (WIDTH - LEFT - 16) / (VV_RANKS - 1),
                TOP + (int)floor((1 - rate->within[k]) * (HEIGHT - TOP - 40) + 0.5));
    fputs("\"/>\n", f);
}

/* How many are found among the first 1 to 20, of the originals and of the cleaned heads, and by guessing. */
static void put_curves(FILE *f, const vv_attack_result *a, vv_attack_kind kind, vv_attack_area area)
{
    const vv_attack_figure *before = vv_attack_find(a, kind, area, false);
    const vv_attack_figure *after = vv_attack_find(a, kind, area, true);
    int bottom = HEIGHT - 40, right = WIDTH - 16;
    if (!before || !after || after->all.n == 0)
        return;
    vv_rate chance = {0};
    for (int k = 0; k < VV_RANKS; k++)
        chance.within[k] = (k + 1) * after->all.chance < 1 ? (k + 1) * after->all.chance : 1;
    fprintf(f, "<figure><svg width=\"%d\" height=\"%d\"><path fill=\"none\" stroke=\"#888\" d=\"M%d %dV%dH%d\"/>\n",
            WIDTH, HEIGHT, LEFT, TOP, bottom, right);
    fprintf(f, "<text x=\"8\" y=\"%d\">100 %%</text><text x=\"20\" y=\"%d\">0 %%</text>", TOP + 8, bottom);
    fprintf(f, "<text x=\"%d\" y=\"%d\">1</text><text x=\"%d\" y=\"%d\">%d</text>", LEFT, bottom + 14, right - 12,
            bottom + 14, VV_RANKS);
    fprintf(f, "<text x=\"%d\" y=\"%d\">found among the first</text>\n", LEFT + 110, bottom + 28);
    put_curve(f, &chance, "#999");
    put_curve(f, &before->all, "#a01818");
    put_curve(f, &after->all, "#176b2c");
    fprintf(f, "</svg><figcaption>%s, %s: originals red, cleaned green, guessing grey</figcaption></figure>\n",
            vv_attack_name(kind), vv_area_name(area));
}

static vv_status put_picture(FILE *f, const uint8_t *tile, vv_err *err)
{
    uint8_t *png = NULL;
    size_t bytes = 0;
    vv_status status = vv_png_encode(tile, VV_TILE_SIZE, VV_TILE_SIZE, &png, &bytes, err);
    char *text = status ? NULL : vv_base64(png, bytes);
    vv_free(png);
    if (!status && !text)
        status = vv_fail(err, VV_E_RESOURCE, "certificate", "out of memory; free some and try again");
    if (!status)
        fprintf(f, "<img alt=\"a cleaned head\" src=\"data:image/png;base64,%s\">", text);
    vv_free(text);
    return status;
}

static vv_status put_heads(FILE *f, const vv_archive_result *r, vv_err *err)
{
    vv_status status = VV_OK;
    fprintf(f,
            "<h2>What is left to see</h2>\n<p>The first %d cleaned heads, from the front and from the side.</p>\n<p "
            "class=\"heads\">",
            r->pictures);
    for (int i = 0; !status && i < r->pictures; i++) {
        for (int side = 0; !status && side < 2; side++)
            status = put_picture(f, r->picture[i][side], err);
    }
    fputs("</p>\n", f);
    return status;
}

static vv_status put_all(FILE *f, const vv_archive_result *r, vv_err *err)
{
    fputs(head, f);
    fprintf(f, "<h1>Certificate of an archive: <span class=\"%s\">%s</span></h1>\n", r->held ? "ok" : "bad",
            r->held ? "clean" : "not proven");
    if (!r->held) {
        fputs("<p class=\"bad\">", f);
        put_text(f, r->reason);
        fputs("</p>\n", f);
    }
    put_sentences(f, r, "What was shown", vv_archive_shown);
    put_sentences(f, r, "What was not", vv_archive_not_shown);
    put_table(f, &r->attack);
    fputs("<p>", f);
    put_curves(f, &r->attack, VV_ATTACK_MATCH, VV_AREA_FACE);
    put_curves(f, &r->attack, VV_ATTACK_MATCH, VV_AREA_HEAD);
    put_curves(f, &r->attack, VV_ATTACK_FILL, VV_AREA_FACE);
    fputs("</p>\n", f);
    vv_status status = put_heads(f, r, err);
    fputs("<p>voxveil " VV_VERSION "</p></body></html>\n", f);
    return status;
}

static vv_status save(const char *path, const char *text, size_t bytes, bool force, vv_err *err)
{
    vv_sink *sink = NULL;
    vv_status status = vv_sink_open(path, &sink, err);
    if (!status)
        status = vv_sink_write(sink, text, bytes, err);
    if (!status)
        return vv_sink_commit(&sink, force, err);
    vv_sink_discard(&sink);
    return status;
}

vv_status vv_archive_page(const vv_archive_result *r, const char *path, bool force, vv_err *err)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *f = open_memstream(&text, &bytes);
    vv_status status = f ? put_all(f, r, err) : VV_E_RESOURCE;
    bool broken = !f || ferror(f);
    if (f && fclose(f))
        broken = true;
    if (broken)
        status = vv_fail(err, VV_E_RESOURCE, "certificate", "out of memory; free some and try again");
    if (!status)
        status = save(path, text, bytes, force, err);
    free(text); /* of open_memstream */
    return status;
}
