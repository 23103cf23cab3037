/* plan.c - which heads, and what is done to each. */
#include "plan.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool chosen(const char *file, const char *heads)
{
    bool ixi = !strncmp(file, "ixi/", 4);
    if (!strcmp(heads, "all"))
        return true;
    if (!strcmp(heads, "ixi") || !strcmp(heads, "others"))
        return ixi == !strcmp(heads, "ixi");
    return strstr(file, heads) != NULL;
}

static void add_head(plan *p, const plan_options *o, const plan_head *h)
{
    if (chosen(h->file, o->heads) && h->number % o->every == 0)
        p->heads[p->n_heads++] = *h;
}

static bool choose_heads(const char *folder, const plan_options *o, plan *p)
{
    ixi_head *ixi;
    int n = heads_ixi(folder, &ixi);
    p->heads = need((size_t)(n + OTHERS), sizeof *p->heads);
    for (int i = 0; i < OTHERS; i++) {
        plan_head h = {.what = &heads_others[i], .number = i};
        snprintf(h.file, sizeof h.file, "%s.nii.gz", heads_others[i].file);
        add_head(p, o, &h);
    }
    for (int i = 0; i < n; i++) {
        plan_head h = {.what = &head_of_ixi, .number = OTHERS + i};
        memcpy(h.file, ixi[i].file, sizeof h.file);
        memcpy(h.labels, ixi[i].labels, sizeof h.labels);
        add_head(p, o, &h);
    }
    free(ixi);
    if (p->n_heads == 0)
        fprintf(stderr, "bench_heads: no head is called like %s\n", o->heads);
    return p->n_heads > 0;
}

static void add_item(plan *p, const plan_item *item)
{
    plan_item *more = realloc(p->items, ((size_t)p->n_items + 1) * sizeof *more);
    if (!more) {
        fprintf(stderr, "bench_heads: out of memory\n");
        exit(1);
    }
    p->items = more;
    more[p->n_items++] = *item;
}

static plan_item item_of(int at, int order, int a, int b)
{
    plan_item item = {.head = at, .which = {a < b ? a : b, a < b ? b : a}, .n = 2, .order = order};
    snprintf(item.name, sizeof item.name, "%s+%s", perturbations[item.which[0]].name,
             perturbations[item.which[1]].name);
    return item;
}

static void add_single(plan *p, int at, int which, int order, bool show_order)
{
    plan_item item = {.head = at, .which = {which, which}, .n = 1, .order = order};
    snprintf(item.name, sizeof item.name, show_order ? "%s:%d" : "%s", perturbations[which].name, order);
    add_item(p, &item);
}

/* A name of --only: a single one, a pair, or axes48. */
static bool add_named(plan *p, int at, int order, const char *name)
{
    char first[32];
    const char *plus = strchr(name, '+');
    if (!strcmp(name, "axes48")) {
        for (int k = 0; k < 48; k++)
            add_single(p, at, perturb_find("axes"), k, true);
        return true;
    }
    snprintf(first, sizeof first, "%.*s", plus ? (int)(plus - name) : (int)strlen(name), name);
    int a = perturb_find(first), b = plus ? perturb_find(plus + 1) : a;
    if (a < 0 || b < 0 || (plus && a == b)) {
        fprintf(stderr, "bench_heads: %s is no perturbation\n", name);
        return false;
    }
    if (plus) {
        plan_item item = item_of(at, order, a, b);
        add_item(p, &item);
    } else {
        add_single(p, at, a, order, false);
    }
    return true;
}

static bool add_singles(plan *p, int at, int order, const char *only)
{
    bool ok = true;
    char *names = only ? strdup(only) : NULL, *rest = NULL;
    for (char *name = names ? strtok_r(names, ",", &rest) : NULL; name && ok; name = strtok_r(NULL, ",", &rest))
        ok = add_named(p, at, order, name);
    for (int i = 0; !only && i < perturbations_n; i++)
        add_single(p, at, i, order, false);
    free(names);
    return ok;
}

/* Different ones, none of them twice on the same head. */
static void add_pairs(plan *p, int at, int order, const plan_options *o)
{
    int n = perturbations_n - 1, first = p->n_items, most = n * (n - 1) / 2;
    random_stream r = random_for(o->seed, p->heads[at].file, "pairs");
    while (p->n_items - first < (o->pairs < most ? o->pairs : most)) {
        int a = 1 + (int)random_below(&r, n), b = 1 + (int)random_below(&r, n);
        plan_item item = item_of(at, order, a, b);
        bool again = a == b;
        for (int i = first; i < p->n_items; i++)
            again = again || !strcmp(p->items[i].name, item.name);
        if (!again)
            add_item(p, &item);
    }
}

bool plan_make(const char *folder, const plan_options *o, plan *out)
{
    *out = (plan){0};
    bool ok = choose_heads(folder, o, out);
    for (int i = 0; ok && i < out->n_heads; i++) {
        int order = out->heads[i].number % 48;
        if (!o->no_singles)
            ok = add_singles(out, i, order, o->only);
        if (ok)
            add_pairs(out, i, order, o);
    }
    return ok;
}

void plan_free(plan *p)
{
    free(p->heads);
    free(p->items);
}
