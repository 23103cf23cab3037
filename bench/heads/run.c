/* run.c - workers with an engine each; a head is read once, by the first that needs it. */
#include "run.h"
#include "load.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct shelf {
    pthread_mutex_t lock;
    bool tried, there;
    atomic_int left; /* items that still need it */
    scene scene;
    const char *truth;
} shelf;

typedef struct runner {
    const plan *plan;
    const truth *truth;
    const run_options *opt;
    row *rows;
    shelf *shelves;
    atomic_int next;
    atomic_bool failed;
    pthread_mutex_t lock; /* of the CSV */
    int written;
} runner;

static bool open_engine(int threads, vv_engine **engine)
{
    vv_engine_options options = {.size = sizeof options, .device = "cpu", .threads = threads};
    vv_err err = {0};
    if (vv_engine_create(&options, engine, &err) == VV_OK)
        return true;
    fprintf(stderr, "bench_heads: %s: %s\n", err.where, err.message);
    return false;
}

static bool load_head(const plan_head *h, const char *folder, scene *out)
{
    char path[4096], labels[4096];
    snprintf(path, sizeof path, "%s/%s", folder, h->file);
    snprintf(labels, sizeof labels, "%s/%s", folder, h->labels);
    return scene_load(path, *h->labels ? labels : NULL, out);
}

static void take_pose(scene *s, const double pose[16])
{
    for (int r = 0; r < 4; r++)
        memcpy(s->pose.m[r], pose + 4 * r, 4 * sizeof(double));
}

/* The head's pose: as kept; of a head that nobody has looked at, as found now. */
static bool know_pose(const runner *run, const plan_head *h, vv_engine *engine, scene *s)
{
    const reference *kept = truth_pose(run->truth, h->file);
    score found;
    if (kept) {
        s->pose = kept->pose;
        return true;
    }
    score_scene(engine, s, NULL, &found);
    if (found.facts.placed)
        take_pose(s, found.facts.pose);
    else
        fprintf(stderr, "bench_heads: nothing is known of where %s lies\n", h->file);
    return found.facts.placed;
}

/* The head of an item, or NULL. */
static const shelf *head_of(runner *run, const plan_item *item, vv_engine *engine)
{
    shelf *s = &run->shelves[item->head];
    const plan_head *h = &run->plan->heads[item->head];
    pthread_mutex_lock(&s->lock);
    if (!s->tried) {
        s->tried = true;
        s->there = load_head(h, run->opt->folder, &s->scene);
        if (s->there && !know_pose(run, h, engine, &s->scene)) {
            s->there = false;
            scene_free(&s->scene);
        }
        if (s->there) {
            bool given = truth_give(run->truth, h->file, h->what->unusable, *h->labels, &s->scene);
            s->truth = *h->labels ? "labels" : given ? "marks" : "own";
        }
    }
    pthread_mutex_unlock(&s->lock);
    return s->there ? s : NULL;
}

static void give_back(runner *run, const plan_item *item)
{
    shelf *s = &run->shelves[item->head];
    if (atomic_fetch_sub(&s->left, 1) == 1 && s->there)
        scene_free(&s->scene);
}

/* What someone who measures another method needs, and what one looks at. */
static void dump(const runner *run, const plan_item *item, const scene *s, const uint8_t *mask)
{
    char name[200], path[4096];
    uint8_t *brain = need((size_t)scene_voxels(s), 1);
    snprintf(name, sizeof name, "%s__%s", run->plan->heads[item->head].file, item->name);
    for (char *c = name; *c; c++)
        *c = *c == '/' || *c == ':' ? '_' : *c;
    char *ending = strstr(name, ".nii.gz");
    if (ending)
        memmove(ending, ending + 7, strlen(ending + 7) + 1);
    for (int64_t i = 0; i < scene_voxels(s); i++)
        brain[i] = scene_brain(s)[i] >= SHARE_BRAIN;
    bool ok = true;
    snprintf(path, sizeof path, "%s/%s.nii.gz", run->opt->dump, name);
    ok = scene_save(s, NULL, path) && ok;
    snprintf(path, sizeof path, "%s/%s_brain.nii.gz", run->opt->dump, name);
    ok = scene_save(s, brain, path) && ok;
    snprintf(path, sizeof path, "%s/%s_mask.nii.gz", run->opt->dump, name);
    ok = scene_save(s, mask, path) && ok;
    snprintf(path, sizeof path, "%s/%s_marks.csv", run->opt->dump, name);
    FILE *f = fopen(path, "w");
    for (int i = 0; f && i < MARKS; i++)
        if (s->known[i])
            fprintf(f, "%s,%.2f,%.2f,%.2f\n", mark_name(i), s->at[i][0], s->at[i][1], s->at[i][2]);
    for (int r = 0; f && r < 3; r++)
        fprintf(f, "pose%d,%.6f,%.6f,%.6f,%.6f\n", r, s->pose.m[r][0], s->pose.m[r][1], s->pose.m[r][2],
                s->pose.m[r][3]);
    if (!f || fclose(f) || !ok)
        fprintf(stderr, "bench_heads: %s could not be written\n", name);
    free(brain);
}

/* A control is no head: it has to be kept back. */
static void judge_control(score *s)
{
    if (s->judged == JUDGED_SKIPPED)
        return;
    s->judged = s->status == VV_E_REVIEW || s->status == VV_E_REFUSED ? JUDGED_RIGHT : JUDGED_WRONG;
}

static void run_item(runner *run, const plan_item *item, vv_engine *engine, row *out)
{
    static const char *const skipped[] = {"", "not for this head", "nothing of the head is in view"};
    const plan_head *h = &run->plan->heads[item->head];
    const shelf *at = head_of(run, item, engine);
    out->score = (score){.judged = JUDGED_ERROR, .pose_err = -1, .verdict = "none", .why = "the head cannot be used"};
    out->truth = "none";
    if (!at)
        return;
    out->truth = at->truth;
    scene s = scene_copy(&at->scene);
    perturb_result done = perturb_all(&s, item->which, item->n, run->opt->seed, h->file, item->order);
    if (done == PERTURB_DONE) {
        uint8_t *mask = run->opt->dump ? need((size_t)scene_voxels(&s), 1) : NULL;
        score_scene(engine, &s, mask, &out->score);
        if (mask)
            dump(run, item, &s, mask);
        free(mask);
    } else {
        out->score = (score){.judged = JUDGED_SKIPPED, .pose_err = -1, .verdict = "none"};
        snprintf(out->score.why, sizeof out->score.why, "%s", skipped[done]);
    }
    if (!strcmp(h->what->face, "PHANTOM"))
        judge_control(&out->score);
    scene_free(&s);
}

static void finish(runner *run, int i)
{
    pthread_mutex_lock(&run->lock);
    run->rows[i].done = true;
    while (run->written < run->plan->n_items && run->rows[run->written].done) {
        const plan_item *item = &run->plan->items[run->written];
        if (run->opt->csv)
            csv_row(run->opt->csv, &run->plan->heads[item->head], item, &run->rows[run->written]);
        run->written++;
    }
    if (run->opt->csv)
        fflush(run->opt->csv);
    pthread_mutex_unlock(&run->lock);
}

static void *work(void *arg)
{
    runner *run = arg;
    vv_engine *engine = NULL;
    if (!open_engine(1, &engine)) {
        atomic_store(&run->failed, true);
        return NULL;
    }
    for (;;) {
        int i = atomic_fetch_add(&run->next, 1);
        if (i >= run->plan->n_items)
            break;
        run_item(run, &run->plan->items[i], engine, &run->rows[i]);
        give_back(run, &run->plan->items[i]);
        finish(run, i);
    }
    vv_engine_destroy(&engine);
    return NULL;
}

bool run_plan(const plan *p, const truth *t, const run_options *o, row *rows)
{
    runner run = {.plan = p, .truth = t, .opt = o, .rows = rows, .lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t *threads = need((size_t)o->jobs, sizeof *threads);
    int started = 0;
    run.shelves = need((size_t)p->n_heads, sizeof *run.shelves);
    for (int i = 0; i < p->n_heads; i++)
        pthread_mutex_init(&run.shelves[i].lock, NULL);
    for (int i = 0; i < p->n_items; i++)
        atomic_fetch_add(&run.shelves[p->items[i].head].left, 1);
    while (started < o->jobs && !pthread_create(&threads[started], NULL, work, &run))
        started++;
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < p->n_heads; i++)
        pthread_mutex_destroy(&run.shelves[i].lock);
    free(run.shelves);
    free(threads);
    return started == o->jobs && !run.failed;
}

bool run_poses(const plan *p, const run_options *o, FILE *out)
{
    vv_engine *engine = NULL;
    if (!open_engine(0, &engine))
        return false;
    for (int i = 0; i < p->n_heads; i++) {
        scene s;
        score found;
        if (!load_head(&p->heads[i], o->folder, &s))
            continue;
        score_scene(engine, &s, NULL, &found);
        if (found.facts.placed) {
            fprintf(out, "%s", p->heads[i].file);
            for (int k = 0; k < 12; k++)
                fprintf(out, ",%.6f", found.facts.pose[k]);
            fprintf(out, "\n");
        }
        scene_free(&s);
    }
    vv_engine_destroy(&engine);
    return true;
}
