/* bench_heads DATA [option...] - the scoreboard: every head, and each of them perturbed with known truth.
 * docs/heads.md says what counts. */
#include "run.h"
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: bench_heads DATA [option...]\n"
    "  --heads WHICH     ixi, others, all (default), or part of a file's name\n"
    "  --every K         only each K-th head\n"
    "  --only A,B+C      only these perturbations or pairs; axes48 is all 48 orders of the axes\n"
    "  --pairs N         also N random pairs on each head\n"
    "  --no-singles      nothing but pairs\n"
    "  --seed S          another set of draws (default 1)\n"
    "  --jobs N          threads (default: one per core)\n"
    "  --csv FILE        one line for each head and perturbation\n"
    "  --table FILE      the summary (default: standard output)\n"
    "  --dump DIR        also writes the perturbed volumes, landmarks, brains and masks\n"
    "  --poses FILE      where each head lies\n"
    "  --save-poses FILE writes that file from the untouched heads, and nothing else\n"
    "  --list            the names of the perturbations\n";

enum { HEADS = 1, EVERY, ONLY, PAIRS, NO_SINGLES, SEED, JOBS, CSV, TABLE, DUMP, POSES, SAVE_POSES, LIST };
static const struct option options[] = {
    {"heads", required_argument, NULL, HEADS},
    {"every", required_argument, NULL, EVERY},
    {"only", required_argument, NULL, ONLY},
    {"pairs", required_argument, NULL, PAIRS},
    {"no-singles", no_argument, NULL, NO_SINGLES},
    {"seed", required_argument, NULL, SEED},
    {"jobs", required_argument, NULL, JOBS},
    {"csv", required_argument, NULL, CSV},
    {"table", required_argument, NULL, TABLE},
    {"dump", required_argument, NULL, DUMP},
    {"poses", required_argument, NULL, POSES},
    {"save-poses", required_argument, NULL, SAVE_POSES},
    {"list", no_argument, NULL, LIST},
    {NULL, 0, NULL, 0},
};

typedef struct arguments {
    plan_options plan;
    run_options run;
    const char *csv, *table, *poses, *save_poses;
} arguments;

static bool parse(int argc, char **argv, arguments *a)
{
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case HEADS:
            a->plan.heads = optarg;
            break;
        case EVERY:
            a->plan.every = atoi(optarg);
            break;
        case ONLY:
            a->plan.only = optarg;
            break;
        case PAIRS:
            a->plan.pairs = atoi(optarg);
            break;
        case NO_SINGLES:
            a->plan.no_singles = true;
            break;
        case SEED:
            a->plan.seed = a->run.seed = strtoull(optarg, NULL, 10);
            break;
        case JOBS:
            a->run.jobs = atoi(optarg);
            break;
        case CSV:
            a->csv = optarg;
            break;
        case TABLE:
            a->table = optarg;
            break;
        case DUMP:
            a->run.dump = optarg;
            break;
        case POSES:
            a->poses = optarg;
            break;
        case SAVE_POSES:
            a->save_poses = optarg;
            break;
        case LIST:
            for (int i = 0; i < perturbations_n; i++)
                puts(perturbations[i].name);
            exit(0);
        default:
            return false;
        }
    }
    return optind == argc - 1 && a->plan.every > 0 && a->run.jobs > 0 && a->plan.pairs >= 0;
}

static FILE *open_for(const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f)
        perror(path);
    return f;
}

static bool score_all(const plan *p, const truth *t, const arguments *a, run_options *run)
{
    row *rows = need((size_t)p->n_items, sizeof *rows);
    FILE *table = a->table ? open_for(a->table) : stdout;
    bool ok = table && (!a->csv || (run->csv = open_for(a->csv)));
    if (ok) {
        if (run->csv)
            csv_heading(run->csv);
        ok = run_plan(p, t, run, rows);
        table_write(table, p, rows);
    }
    if (run->csv)
        fclose(run->csv);
    if (table && table != stdout)
        fclose(table);
    free(rows);
    return ok;
}

static bool save_poses(const plan *p, const arguments *a)
{
    FILE *f = open_for(a->save_poses);
    bool ok = f && run_poses(p, &a->run, f);
    return f && !fclose(f) && ok;
}

int main(int argc, char **argv)
{
    char folder[3000], landmarks[4096];
    arguments a = {.plan = {.heads = "all", .every = 1, .seed = 1},
                   .run = {.jobs = (int)sysconf(_SC_NPROCESSORS_ONLN), .seed = 1},
                   .poses = BENCH_POSES};
    if (!parse(argc, argv, &a)) {
        fputs(usage, stderr);
        return 2;
    }
    snprintf(folder, sizeof folder, "%s/heads", argv[optind]);
    snprintf(landmarks, sizeof landmarks, "%s/landmarks.csv", folder);
    a.run.folder = folder;
    plan p;
    truth t = {0};
    bool ok = plan_make(folder, &a.plan, &p);
    if (ok && a.save_poses)
        ok = save_poses(&p, &a);
    else if (ok)
        ok = truth_open(landmarks, a.poses, BENCH_ATLAS, &t) && score_all(&p, &t, &a, &a.run);
    truth_close(&t);
    plan_free(&p);
    return ok ? 0 : 1;
}
