/* csv.c - one line for each head and perturbation. */
#include "table.h"
#include <inttypes.h>
#include <string.h>

static const char *const gates[] = {"pose_fit",
                                    "head_inside_fit",
                                    "head_size",
                                    "head_shape_off",
                                    "second_opinion_score",
                                    "second_opinion_mm",
                                    "second_opinion_part_mm",
                                    "pose_margin",
                                    "pose_disagreement_mm",
                                    "pose_move_plain_mm",
                                    "frame_move_mm",
                                    "ghosts_mm3",
                                    "tissue_beside_mm3",
                                    "residual_surface_mm2"};
enum { GATES = sizeof gates / sizeof gates[0] };

void csv_heading(FILE *f)
{
    fprintf(f, "head,kind,face,truth,perturbation,verdict,judged,marks_judged,marks_left,ears_judged,ears_left,"
               "brain_changed,outside_changed,pose_err_mm,gates_failed");
    for (int i = 0; i < GATES; i++)
        fprintf(f, ",%s", gates[i]);
    fprintf(f, ",find_ms,total_ms,why\n");
}

/* Of a set of landmarks: how many were judged, and which are left. */
static void csv_marks(FILE *f, const score *s, int from, int to)
{
    int looked = 0;
    for (int i = from; i < to; i++)
        looked += s->mark[i] != MARK_NOT_JUDGED;
    fprintf(f, ",%d,", looked);
    for (int i = from, n = 0; i < to; i++)
        if (s->mark[i] == MARK_LEFT)
            fprintf(f, "%s%s", n++ ? " " : "", mark_name(i));
}

void csv_row(FILE *f, const plan_head *h, const plan_item *item, const row *r)
{
    const score *s = &r->score;
    fprintf(f, "%s,%s,%s,%s,%s,%s,%s", h->file, h->what->kind, h->what->face, r->truth, item->name, s->verdict,
            judged_names[s->judged]);
    csv_marks(f, s, 0, FACE_MARKS);
    csv_marks(f, s, FACE_MARKS, MARKS);
    fprintf(f, ",%" PRId64 ",%" PRId64 ",", s->brain, s->outside);
    if (s->pose_err >= 0)
        fprintf(f, "%.1f", s->pose_err);
    fprintf(f, ",%s", s->facts.failed);
    for (int i = 0; i < GATES; i++) {
        double value = fact_of(&s->facts, gates[i], -1e9);
        fputc(',', f);
        if (value > -1e9)
            fprintf(f, "%.4g", value);
    }
    fprintf(f, ",%.0f,%.0f,", s->facts.find_ms, s->facts.total_ms);
    for (const char *c = s->why; *c; c++)
        fputc(*c == ',' ? ';' : *c, f);
    fputc('\n', f);
}
