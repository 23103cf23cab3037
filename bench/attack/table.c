/* table.c - figures of the attacks. */
#include "table.h"
#include "attack.h"
#include <stdio.h>

static vv_status fill_gallery(vv_gallery *g, const person *people, int n, cleaning how, int unblurred, vv_err *err)
{
    vv_status s = VV_OK;
    for (int i = 0; i < n && !s; i++) {
        const person *p = &people[i];
        s = vv_gallery_add(g, VV_SCAN_KNOWN, p->number, p->group, &p->known, err);
        if (!s)
            s = vv_gallery_add(g, VV_SCAN_ORIGINAL, p->number, p->group, &p->original, err);
        if (!s && p->cleaned[how])
            s = vv_gallery_add(g, VV_SCAN_CLEANED, p->number, p->group, p->cleaned[how], err);
        if (!s && p->linked[how])
            s = vv_gallery_add(g, VV_SCAN_LINKED, p->number, p->group, p->linked[how], err);
        if (!s && how == CLEAN_WEAK_BLUR && p->unblurred[unblurred])
            s = vv_gallery_add(g, VV_SCAN_UNBLURRED, p->number, p->group, p->unblurred[unblurred], err);
    }
    return s;
}

static void print_rate(const vv_rate *r)
{
    printf("  %3d  %5.1f %% (%4.1f-%5.1f)  %5.1f %%  %.3f  %4.1f (%4.1f)", r->n, 100 * r->rank1, 100 * r->rank1_lo,
           100 * r->rank1_hi, 100 * r->rank5, r->auc, 100 * r->chance, 100 * r->chance_hi);
}

static void print_rebuild(const char *what, const vv_rebuild_figure *r)
{
    if (r->n > 0)
        printf("  rebuild %-18s %3d  explained %6.3f  permuted %6.3f  as posed %6.3f  error %.2f mm  average face "
               "%.2f mm\n",
               what, r->n, r->explained, r->permuted, r->as_posed, r->error_mm, r->average_mm);
}

static void print_result(const char *name, const vv_attack_result *r)
{
    printf("%s: %d persons, %d groups: %s%s%s\n", name, r->persons, r->groups, r->held ? "held" : "FAILED",
           r->reason[0] ? ": " : "", r->reason);
    printf("  attack  area  scans      n  rank 1 (95 %% limits)      rank 5   AUC  chance (limit)\n");
    for (int i = 0; i < r->figures; i++) {
        const vv_attack_figure *f = &r->figure[i];
        printf("  %-7s %-5s %-8s", vv_attack_name(f->kind), vv_area_name(f->area), f->cleaned ? "cleaned" : "original");
        print_rate(&f->all);
        if (f->within.n > 0) {
            printf("\n    within its group       ");
            print_rate(&f->within);
        }
        printf("\n");
    }
    print_rebuild("face of originals", &r->rebuild_original);
    print_rebuild("face of cleaned", &r->rebuild);
    print_rebuild("inner of originals", &r->inner_original);
    print_rebuild("inner of cleaned", &r->inner);
}

bool table_print(const person *people, int n, cleaning how)
{
    static const char *const undone[] = {"Wiener", "Richardson-Lucy"};
    bool done = true;
    for (int k = 0; k < (how == CLEAN_WEAK_BLUR ? 2 : 1) && done; k++) {
        char name[64];
        vv_gallery *g = NULL;
        vv_attack_result r;
        vv_err err = {0};
        vv_status s = vv_gallery_create(&g, &err);
        if (!s)
            s = fill_gallery(g, people, n, how, k, &err);
        if (!s)
            s = vv_attack_run(g, &r, &err);
        vv_gallery_destroy(&g);
        snprintf(name, sizeof name, "%s%s%s", cleaning_names[how], how == CLEAN_WEAK_BLUR ? ", unblurred by " : "",
                 how == CLEAN_WEAK_BLUR ? undone[k] : "");
        if (s)
            fprintf(stderr, "bench_attack: %s: %s\n", name, err.message);
        else
            print_result(name, &r);
        fflush(stdout);
        done = s == VV_OK;
    }
    return done;
}
