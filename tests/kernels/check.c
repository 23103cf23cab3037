#include "check.h"
#include "backend.h"
#include "case_run.h"
#include "image.h"
#include "ref.h"
#include "selftest.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* One voxel, primes, rows around a group's length, thin slabs, and one cube large enough for threads to meet. */
static const int64_t shapes[][3] = {{1, 1, 1},   {7, 5, 3},   {13, 11, 17}, {31, 29, 23}, {255, 3, 2}, {256, 2, 3},
                                    {257, 5, 2}, {1, 1, 251}, {1, 257, 1},  {509, 1, 1},  {64, 63, 1}, {61, 64, 59}};
enum { SHAPES = sizeof shapes / sizeof shapes[0], LARGE = SHAPES - 1, SHOWN = 40 };
static const unsigned char patterns[] = {0xaa, 0x55};
static const char *const fill_names[] = {"random", "zero", "extreme"};

void check_fail(check_tally *t, const char *format, ...)
{
    t->failures++;
    if (t->failures > SHOWN)
        return;
    va_list args;
    va_start(args, format);
    printf("FAIL ");
    vprintf(format, args);
    printf("\n");
    va_end(args);
}

/* One case, filled: what every check below works on. */
typedef struct scene {
    const vv_kernel_case *c;
    vv_fill_kind fill;
    image inputs, expected;
    char name[120];
} scene;

static int64_t group_count(const vv_kernel_case *c)
{
    return (int64_t)c->groups[0] * c->groups[1] * c->groups[2];
}

static void compare(const scene *s, image *got, const char *who, unsigned char pattern, check_tally *t)
{
    int buf = 0;
    size_t element = 0;
    const char *damage = image_damage(got, s->c, &s->inputs, pattern);
    t->comparisons++;
    image_settle(got, s->c);
    if (damage)
        check_fail(t, "%s on %s: %s", s->name, who, damage);
    else if (!image_equal(got, &s->expected, s->c, &buf, &element))
        check_fail(t, "%s on %s: buffer %d differs at element %zu (%.9g, must be %.9g)", s->name, who, buf, element,
                   ref_get(got->data[buf], s->c->buf[buf].elem, element),
                   ref_get(s->expected.data[buf], s->c->buf[buf].elem, element));
}

/* A CPU level, called directly so that there are guards on both sides. */
static void check_level(const scene *s, const vv_cpu_level *level, bool backwards, unsigned char pattern,
                        check_tally *t)
{
    image got;
    int64_t groups = group_count(s->c);
    image_create(&got, s->c);
    image_reset(&got, s->c, &s->inputs, pattern);
    for (int64_t g = 0; g < groups; g++) {
        int64_t at = backwards ? groups - 1 - g : g;
        level->run[s->c->kernel](s->c->groups, at, at + 1, got.data, s->c->params);
    }
    compare(s, &got, level->name, pattern, t);
    image_destroy(&got);
}

/* Uploads, launches and downloads every buffer with a guard at its end. `got` comes back as if the host had run it. */
static vv_status run_on_device(const scene *s, vv_device *dev, image *got, unsigned char pattern, vv_err *err)
{
    vv_case_bufs b;
    vv_status st = vv_case_create(dev, s->c, GUARD, &b, err);
    image_reset(got, s->c, &s->inputs, pattern);
    for (int i = 0; i < s->c->nbufs && st == VV_OK; i++)
        st = vv_upload(dev, b.buf[i], 0, got->data[i], got->bytes[i] + GUARD, err);
    if (st == VV_OK)
        st = vv_case_launch(dev, s->c, &b, err);
    for (int i = 0; i < s->c->nbufs && st == VV_OK; i++)
        st = vv_download(dev, got->data[i], b.buf[i], 0, got->bytes[i] + GUARD, err);
    vv_case_destroy(dev, &b);
    return st;
}

static void check_device(const scene *s, vv_device *dev, check_tally *t)
{
    image got;
    vv_err err = {0};
    char who[200];
    snprintf(who, sizeof who, "%s (%s)", vv_device_name(dev), vv_device_description(dev));
    image_create(&got, s->c);
    if (run_on_device(s, dev, &got, patterns[0], &err) == VV_OK)
        compare(s, &got, who, patterns[0], t);
    else
        check_fail(t, "%s on %s: %s", s->name, who, err.message);
    image_destroy(&got);
}

/* Starts a reference's answer: what the buffer held, or nothing. */
static double *wanted(const scene *s, int i)
{
    const vv_case_buf *b = &s->c->buf[i];
    if (b->role == VV_IN)
        return NULL;
    double *want = malloc(b->count * sizeof *want);
    for (size_t k = 0; want && k < b->count; k++)
        want[k] = b->role == VV_INOUT ? ref_get(s->inputs.data[i], b->elem, k) : NAN;
    return want;
}

static bool within(double got, double want, const budget *b)
{
    if (got == want || (isnan(got) && isnan(want)))
        return true;
    return fabs(got - want) <= b->abs + b->rel * fabs(want);
}

static void compare_meaning(const scene *s, int i, const double *want, const budget *b, check_tally *t)
{
    const vv_case_buf *buf = &s->c->buf[i];
    size_t wrong = 0, first = 0;
    for (size_t k = 0; k < buf->count; k++)
        if (!within(ref_get(s->expected.data[i], buf->elem, k), want[k], b) && wrong++ == 0)
            first = k;
    double allowed = b->share > 0 ? fmax(1, b->share * (double)buf->count) : 0;
    if ((double)wrong > allowed)
        check_fail(t, "%s: meaning: %zu of %zu elements of buffer %d are off, the first at %zu (%.9g, must be %.9g)",
                   s->name, wrong, buf->count, i, first, ref_get(s->expected.data[i], buf->elem, first), want[first]);
}

static void check_meaning(const scene *s, check_tally *t)
{
    double *want[8] = {NULL};
    const void *in[8] = {NULL};
    budget b = {0, 0, 0};
    bool room = true;
    for (int i = 0; i < s->c->nbufs; i++) {
        want[i] = wanted(s, i);
        in[i] = s->inputs.data[i];
        room &= want[i] || s->c->buf[i].role == VV_IN;
    }
    if (!room) {
        check_fail(t, "%s: out of memory", s->name);
    } else if (refs[s->c->kernel](s->c, s->fill, in, want, &b)) {
        t->comparisons++;
        for (int i = 0; i < s->c->nbufs; i++)
            if (want[i])
                compare_meaning(s, i, want[i], &b, t);
    }
    for (int i = 0; i < 8; i++)
        free(want[i]);
}

static void check_scene(scene *s, const check_plan *plan, check_tally *t)
{
    t->cases++;
    image_fill_inputs(&s->inputs, s->c, s->fill);
    image_reset(&s->expected, s->c, &s->inputs, patterns[0]);
    plan->base->run[s->c->kernel](s->c->groups, 0, group_count(s->c), s->expected.data, s->c->params);
    image_settle(&s->expected, s->c);
    if (plan->meaning)
        check_meaning(s, t);
    if (plan->levels)
        for (size_t p = 0; p < 2; p++) {
            for (const vv_cpu_level *const *l = plan->levels; *l; l++)
                if ((*l)->supported())
                    check_level(s, *l, false, patterns[p], t);
            if (plan->reversed)
                check_level(s, plan->reversed, true, patterns[p], t);
        }
    for (int d = 0; d < plan->ndevices; d++)
        check_device(s, plan->devices[d], t);
}

/* All variants and fills of one kernel on one shape; how many variants there are. */
static int check_shape(vv_kernel_id k, const int64_t shape[3], bool large, const check_plan *plan, check_tally *t)
{
    vv_kernel_case c;
    int variant = 0;
    for (; vv_case_make(k, shape, variant, &c); variant++) {
        scene s = {.c = &c};
        image_create(&s.inputs, &c);
        image_create(&s.expected, &c);
        for (int f = 0; f < (large ? 1 : VV_FILL_KINDS); f++) {
            s.fill = (vv_fill_kind)f;
            snprintf(s.name, sizeof s.name, "%s %dx%dx%d variant %d %s", vv_kernels[k].name, (int)shape[0],
                     (int)shape[1], (int)shape[2], variant, fill_names[f]);
            check_scene(&s, plan, t);
        }
        image_destroy(&s.inputs);
        image_destroy(&s.expected);
    }
    return variant;
}

static bool chosen(int k, const char *only)
{
    return !only || strcmp(only, vv_kernels[k].name) == 0;
}

void check_run(const check_plan *plan, check_tally *t)
{
    for (int k = 0; k < VV_K_COUNT; k++) {
        if (!chosen(k, plan->only))
            continue;
        int variants = 0;
        for (int s = 0; s < SHAPES; s++)
            variants += check_shape((vv_kernel_id)k, shapes[s], s == LARGE, plan, t);
        if (variants == 0)
            check_fail(t, "%s has no case; add one to host/device/cases.def", vv_kernels[k].name);
    }
}

void check_digests(vv_device *dev, const char *only, check_tally *t)
{
    for (int k = 0; k < VV_K_COUNT; k++) {
        uint64_t digest;
        vv_err err = {0};
        if (!chosen(k, only))
            continue;
        t->comparisons++;
        if (vv_selftest_digests[k] == 0)
            check_fail(t, "%s has no stored digest; build the target `digests`", vv_kernels[k].name);
        else if (vv_selftest_digest(dev, (vv_kernel_id)k, &digest, &err) != VV_OK)
            check_fail(t, "%s: digest on %s: %s", vv_kernels[k].name, vv_device_name(dev), err.message);
        else if (digest != vv_selftest_digests[k])
            check_fail(t,
                       "%s: digest on %s is not the stored one; if the kernel was meant to change, build the target "
                       "`digests`",
                       vv_kernels[k].name, vv_device_name(dev));
    }
}
