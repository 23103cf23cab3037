/* bench_attack - the attacks on real people and on made ones, before and after cleaning (docs/verify.md).
 *
 *   bench_attack DATA [--people N] [--made N] [--bases N] [--first N] [--clean LIST] [--link yes] [--keep FILE]
 *   bench_attack --from FILE [--clean LIST]
 *
 * DATA/heads/ixi holds the people. --people: how many of them (all). --made: so many made identities on --bases heads
 * (20) in their place. --first: so many heads are left out; files that were kept can be
 * joined. --clean: of remove, noise, reface, blur, gauss, plane (remove,gauss,plane). --link yes: the
 * known scans are cleaned, too. --keep: the scans' maps go to a file, too; --from takes them from there.
 * Single-threaded. */
#include "keep.h"
#include "list.h"
#include "load.h"
#include "table.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct options {
    const char *data, *keep, *from;
    int people, made, bases, first;
    unsigned clean;
    bool link;
} options;

typedef struct crowd {
    person *person;
    int n;
} crowd;

static bool read_list(const char *list, unsigned *bits)
{
    *bits = 0;
    while (*list) {
        size_t n = strcspn(list, ",");
        int k = 0;
        while (k < CLEANINGS && (strlen(cleaning_names[k]) != n || strncmp(list, cleaning_names[k], n)))
            k++;
        if (k == CLEANINGS)
            return false;
        *bits |= 1u << k;
        list += n + (list[n] == ',');
    }
    return true;
}

static bool read_options(int argc, char **argv, options *o)
{
    *o = (options){
        .people = 1000000, .bases = 20, .clean = 1u << CLEAN_REMOVE | 1u << CLEAN_WEAK_BLUR | 1u << CLEAN_WEAK_PLANE};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (argv[i][0] != '-') {
            o->data = argv[i];
            continue;
        }
        if (!value)
            return false;
        if (!strcmp(argv[i], "--people"))
            o->people = atoi(value);
        else if (!strcmp(argv[i], "--made"))
            o->made = atoi(value);
        else if (!strcmp(argv[i], "--bases"))
            o->bases = atoi(value);
        else if (!strcmp(argv[i], "--first"))
            o->first = atoi(value);
        else if (!strcmp(argv[i], "--keep"))
            o->keep = value;
        else if (!strcmp(argv[i], "--link"))
            o->link = !strcmp(value, "yes");
        else if (!strcmp(argv[i], "--from"))
            o->from = value;
        else if (strcmp(argv[i], "--clean") || !read_list(value, &o->clean))
            return false;
        i++;
    }
    return (o->data || o->from) && o->people > 0 && o->made >= 0 && o->bases > 0 && o->first >= 0;
}

/* place: the head has to be found first. */
static bool load_base(vv_device *dev, const char *folder, const ixi_head *h, bool place, scene *out)
{
    char path[4096 + sizeof h->file], labels[4096 + sizeof h->labels];
    vv_err err;
    snprintf(path, sizeof path, "%s/%s", folder, h->file);
    snprintf(labels, sizeof labels, "%s/%s", folder, h->labels);
    return scene_load(path, labels, out) && (!place || person_place(dev, out, &err));
}

/* One more person; kept in the file, where there is one. */
static void make_person(vv_device *dev, const scene *base, int number, int group, const options *o, FILE *keep,
                        crowd *c)
{
    vv_err err = {0};
    person *p = &c->person[c->n];
    *p = (person){.number = number, .group = group};
    if (person_make(dev, base, o->made ? (uint64_t)number + 1 : 0, o->clean, o->link, 1, p, &err))
        c->n++;
    else {
        fprintf(stderr, "bench_attack: a head was left out: %s\n", err.message);
        person_free(p);
        return;
    }
    if (keep && !keep_person(keep, p))
        fprintf(stderr, "bench_attack: the maps could not be kept: %s\n", strerror(errno));
}

static void make_crowd(vv_device *dev, const options *o, const char *folder, const ixi_head *list, int n, FILE *keep,
                       crowd *c)
{
    int most = o->made ? o->bases : o->people, heads = most < n ? most : n;
    int each = o->made ? (o->made + heads - 1) / heads : 1;
    c->person = need((size_t)heads * (size_t)each, sizeof *c->person);
    for (int b = o->first; b < heads; b++) {
        scene base;
        if (!load_base(dev, folder, &list[o->made ? b * n / heads : b], o->made > 0, &base))
            continue;
        for (int k = 0; k < each; k++)
            make_person(dev, &base, b * each + k, o->made ? b : 0, o, keep, c);
        scene_free(&base);
    }
}

static bool make_all(const options *o, crowd *c)
{
    char folder[4000];
    ixi_head *list = NULL;
    vv_err err = {0};
    vv_pool *pool = NULL;
    vv_device *dev = NULL;
    snprintf(folder, sizeof folder, "%s/heads", o->data);
    int n = heads_ixi(folder, &list);
    FILE *keep = o->keep ? fopen(o->keep, "wb") : NULL;
    bool ready =
        n > 0 && (keep || !o->keep) && !vv_pool_create(1, &pool, &err) && !vv_device_open("cpu", pool, &dev, &err);
    if (ready)
        make_crowd(dev, o, folder, list, n, keep, c);
    else
        fprintf(stderr, "bench_attack: no heads, or no file to keep, or no device %s\n", err.message);
    if (keep)
        fclose(keep);
    vv_device_close(&dev);
    vv_pool_destroy(&pool);
    free(list);
    return ready;
}

int main(int argc, char **argv)
{
    options o;
    crowd c = {0};
    if (!read_options(argc, argv, &o)) {
        fprintf(stderr, "usage: bench_attack DATA|--from FILE [--people N] [--made N] [--bases N] [--clean LIST] "
                        "[--link yes] [--keep FILE]\n");
        return 2;
    }
    bool done = true;
    if (o.from)
        c.person = keep_read(o.from, &c.n);
    else
        done = make_all(&o, &c);
    for (int k = 0; k < CLEANINGS && done; k++)
        if (o.clean >> k & 1)
            done = table_print(c.person, c.n, (cleaning)k);
    people_free(c.person, c.n);
    return done ? 0 : 1;
}
