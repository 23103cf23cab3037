/* archive_report.c - the certificate of an archive: its words, and the JSON. */
#include "archive.h"
#include "certificate.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A share as per cent with one digit, whatever the locale. */
static const char *percent(double share, char text[16])
{
    int tenths = (int)floor(1000 * share + 0.5);
    snprintf(text, 16, "%d.%d %%", tenths / 10, tenths % 10);
    return text;
}

static bool rates_words(const vv_attack_result *a, char words[240])
{
    char text[4][16];
    const vv_attack_figure *before = vv_attack_find(a, VV_ATTACK_MATCH, VV_AREA_FACE, false);
    const vv_attack_figure *after = vv_attack_find(a, VV_ATTACK_MATCH, VV_AREA_FACE, true);
    if (a->weak || !before || !after)
        return false;
    snprintf(
        words, 240,
        "By the face, the attacker finds %s of the originals at once among %d people, and %s of the cleaned heads; "
        "by guessing it would be %s (upper 95 %% limit %s).",
        percent(before->all.rank1, text[0]), a->persons, percent(after->all.rank1, text[1]),
        percent(after->all.chance, text[2]), percent(after->all.chance_hi, text[3]));
    return true;
}

/* What the skull and the skin that stay tell is said, whatever the verdict. */
static bool rest_words(const vv_attack_result *a, char words[240])
{
    char text[2][16];
    const vv_attack_figure *before = vv_attack_find(a, VV_ATTACK_MATCH, VV_AREA_REST, false);
    const vv_attack_figure *after = vv_attack_find(a, VV_ATTACK_MATCH, VV_AREA_REST, true);
    if (!before || !after)
        return false;
    snprintf(words, 240,
             "By the rest of the head, which stays, the attacker finds %s of the cleaned heads at once, and %s of the "
             "originals: who has another scan of a person may find the person by it.",
             percent(after->all.rank1, text[0]), percent(before->all.rank1, text[1]));
    return true;
}

static bool rebuild_words(const vv_attack_result *a, char words[240])
{
    char text[2][16];
    if (a->weak || a->rebuild.n == 0)
        return false;
    snprintf(
        words, 240,
        "From what is left, a model explains %s of how the faces differ; with the people exchanged it explains up to "
        "%s (95th percentile).",
        percent(a->rebuild.explained > 0 ? a->rebuild.explained : 0, text[0]),
        percent(a->rebuild.permuted > 0 ? a->rebuild.permuted : 0, text[1]));
    return true;
}

bool vv_archive_shown(const vv_archive_result *r, int n, char words[240])
{
    if (n == 0)
        return snprintf(
                   words, 240,
                   "Of %d files %d are clean by every gate, measured again from the original and the cleaned file; %d "
                   "show no face and were not changed; %d are not proven; of %d there is no cleaned file.",
                   r->items, r->clean, r->no_face, r->review, r->missing) > 0;
    if (n == 1)
        return snprintf(words, 240, "The most skin of face and ears left on one of them: %d mm2.",
                        (int)floor(r->worst_residual + 0.5)) > 0;
    int at = 2;
    static bool (*const sentence[])(const vv_attack_result *, char[240]) = {rates_words, rebuild_words, rest_words};
    for (size_t i = 0; i < sizeof sentence / sizeof *sentence; i++) {
        if (sentence[i](&r->attack, words) && n == at++)
            return true;
    }
    if (r->attack.held && n == at)
        return snprintf(words, 240,
                        "From the face area no attack (match, fill, rebuild) finds the people better than guessing.") >
               0;
    return false;
}

bool vv_archive_not_shown(const vv_archive_result *r, int n, char words[240])
{
    int at = 0;
    if (r->attack.weak && n == at++)
        return snprintf(words, 240, "That the people cannot be found: the attacks are too weak here to say anything.") >
               0;
    if (!r->held && n == at++)
        return snprintf(words, 240, "That the archive is clean: %s.", r->reason) > 0;
    if (n == at++)
        return snprintf(
                   words, 240,
                   "That no stronger attack finds them: these are the attacks of this version, on %d people; nobody "
                   "tried photographs.",
                   r->attack.persons) > 0;
    for (int i = 0; vv_never_shown[i]; i++) {
        if (n == at++)
            return snprintf(words, 240, "%s", vv_never_shown[i]) > 0;
    }
    return false;
}

static void put_pair(vv_json *w, cJSON *o, const char *key, double low, double high)
{
    cJSON *pair = vv_json_array(w, o, key);
    vv_json_append(w, pair, w->ok ? cJSON_CreateNumber(vv_json_rounded(low)) : NULL);
    vv_json_append(w, pair, w->ok ? cJSON_CreateNumber(vv_json_rounded(high)) : NULL);
}

static void put_figure(vv_json *w, cJSON *figures, const vv_attack_figure *f)
{
    cJSON *o = vv_json_append_object(w, figures);
    const vv_rate *rate = &f->all;
    vv_json_text(w, o, "attack", vv_attack_name(f->kind));
    vv_json_text(w, o, "area", vv_area_name(f->area));
    vv_json_text(w, o, "of", f->cleaned ? "cleaned" : "original");
    vv_json_number(w, o, "n", rate->n);
    vv_json_number(w, o, "rank1", rate->rank1);
    put_pair(w, o, "rank1_wilson95", rate->rank1_lo, rate->rank1_hi);
    vv_json_number(w, o, "rank5", rate->rank5);
    put_pair(w, o, "rank5_wilson95", rate->rank5_lo, rate->rank5_hi);
    vv_json_number(w, o, "auc", rate->auc);
    vv_json_number(w, o, "chance", rate->chance);
    vv_json_number(w, o, "chance_limit95", rate->chance_hi);
    cJSON *curve = vv_json_array(w, o, "found_within");
    for (int k = 0; k < VV_RANKS; k++)
        vv_json_append(w, curve, w->ok ? cJSON_CreateNumber(vv_json_rounded(rate->within[k])) : NULL);
}

static void put_rebuild(vv_json *w, cJSON *o, const char *key, const vv_rebuild_figure *f)
{
    if (f->n == 0)
        return;
    cJSON *rebuild = vv_json_object(w, o, key);
    vv_json_number(w, rebuild, "n", f->n);
    vv_json_number(w, rebuild, "explained", f->explained);
    vv_json_number(w, rebuild, "permuted95", f->permuted);
    vv_json_number(w, rebuild, "error_mm", f->error_mm);
    vv_json_number(w, rebuild, "average_face_error_mm", f->average_mm);
}

static void put_attack(vv_json *w, const vv_attack_result *a)
{
    cJSON *o = vv_json_object(w, w->root, "attack");
    vv_json_number(w, o, "persons", a->persons);
    vv_json_bool(w, o, "weak", a->weak);
    vv_json_bool(w, o, "held", a->held);
    if (a->reason[0])
        vv_json_text(w, o, "reason", a->reason);
    cJSON *figures = vv_json_array(w, o, "figures");
    for (int i = 0; i < a->figures; i++)
        put_figure(w, figures, &a->figure[i]);
    put_rebuild(w, o, "rebuild", &a->rebuild);
    put_rebuild(w, o, "rebuild_of_originals", &a->rebuild_original);
}

static void put_words(vv_json *w, const vv_archive_result *r, const char *key,
                      bool (*sentence)(const vv_archive_result *, int, char[240]))
{
    char words[240];
    cJSON *list = vv_json_array(w, w->root, key);
    for (int n = 0; sentence(r, n, words); n++)
        vv_json_append(w, list, w->ok ? cJSON_CreateString(words) : NULL);
}

vv_status vv_archive_report(const vv_archive_result *r, vv_report **out, vv_err *err)
{
    vv_json w = vv_json_begin();
    const char *verdict = r->held ? "clean" : "review";
    vv_json_text(&w, w.root, "schema", "voxveil.certificate/1");
    vv_json_text(&w, w.root, "version", VV_VERSION);
    vv_json_text(&w, w.root, "device", vv_device_name(r->device));
    vv_json_text(&w, w.root, "verdict", verdict);
    if (!r->held)
        vv_json_text(&w, w.root, "reason", r->reason);
    cJSON *summary = vv_json_object(&w, w.root, "summary");
    vv_json_number(&w, summary, "items", r->items);
    vv_json_number(&w, summary, "clean", r->clean);
    vv_json_number(&w, summary, "no_face", r->no_face);
    vv_json_number(&w, summary, "review", r->review);
    vv_json_number(&w, summary, "missing", r->missing);
    vv_json_number(&w, summary, "gallery", r->gallery);
    vv_json_number(&w, summary, "attacked", r->attacked);
    vv_json_number(&w, summary, "residual_surface_mm2", r->worst_residual);
    put_attack(&w, &r->attack);
    put_words(&w, r, "shown", vv_archive_shown);
    put_words(&w, r, "not_shown", vv_archive_not_shown);
    return vv_report_finish(&w, verdict, out, err);
}
