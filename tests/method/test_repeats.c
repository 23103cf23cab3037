/* Copies of the face half a field of view away, in a head made of an ellipsoid in the atlas's own frame. */
#include "cpu_atlas.h"
#include "removal.h"
#include "repeats.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { NX = 76, NY = 92, NZ = 84, N = NX * NY * NZ };
#define STEP 3.0
static const double origin[3] = {-112.5, -128.0, -130.0};
static const double identity[12] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};

static void mm_of(int v, double mm[3])
{
    const int at[3] = {v % NX, v / NX % NY, v / NX / NY};
    for (int a = 0; a < 3; a++)
        mm[a] = origin[a] + STEP * at[a];
}
/* Square of the distance from the middle of the head; 1 at its surface. */
static double away(int v)
{
    double mm[3];
    mm_of(v, mm);
    double x = mm[0] / 78, y = (mm[1] - 8) / 103, z = (mm[2] + 10) / 98;
    return x * x + y * y + z * z;
}
static int in_head(int v)
{
    return away(v) <= 1;
}
static uint32_t noise(uint32_t n)
{
    n = (n ^ n >> 16) * 0x85ebca6bu;
    n = (n ^ n >> 13) * 0xc2b2ae35u;
    return (n ^ n >> 16) % 20;
}
/* The voxel half the field of view away along z. */
static int half_away(int v)
{
    return (v + NZ / 2 * NX * NY) % N;
}

/* Marks of a head with a copy of `percent` of its level, a slab of foam of level `rest` behind it, and a `halo` in the
 * air about it. Sorted into
 * copies of the head (`right`) and others. */
static void find(int percent, float rest, double halo, int *right, int *wrong, uint8_t *code)
{
    vv_err err;
    uint32_t counts[2];
    vv_grid g = {.dims = {NX, NY, NZ},
                 .factor = {1, 1, 1},
                 .affine = {STEP, 0, 0, origin[0], 0, STEP, 0, origin[1], 0, 0, STEP, origin[2]},
                 .spacing = {STEP, STEP, STEP}};
    float *level = malloc(N * sizeof *level);
    uint8_t *marks = calloc(N, 1);
    vv_buf *pairs = NULL, *codes = NULL, *mark = NULL;
    for (int v = 0; v < N; v++) {
        double mm[3];
        mm_of(v, mm);
        level[v] = (float)noise((uint32_t)v) + (in_head(v) ? 300.0f : 0.0f);
        level[v] += in_head(half_away(v)) ? 3.0f * (float)percent : 0.0f;
        level[v] += mm[1] < -108 && mm[1] > -122 && !in_head(v) ? rest : 0.0f;
        level[v] += in_head(v) ? 0.0f : (float)(halo / (away(v) * away(v)));
    }
    assert_int_equal(vv_grid_create(dev, &g, &err), VV_OK);
    assert_int_equal(vv_upload(dev, g.level, 0, level, N * sizeof *level, &err), VV_OK);
    assert_int_equal(vv_buf_create(dev, N, &codes, &err), VV_OK);
    assert_int_equal(vv_region_pairs(dev, &atlas, VV_REGION_FACE, 0, &pairs, &err), VV_OK);
    assert_int_equal(vv_region_codes(dev, pairs, g.dims, g.affine, identity, 0, VK_REMOVE, codes, counts, &err), VV_OK);
    assert_int_equal(vv_download(dev, code, codes, 0, N, &err), VV_OK);
    assert_int_equal(vv_repeats_find(dev, &g, codes, identity, &mark, &err), VV_OK);
    if (mark)
        assert_int_equal(vv_download(dev, marks, mark, 0, N, &err), VV_OK);
    *right = *wrong = 0;
    for (int v = 0; v < N; v++) {
        *right += marks[v] && in_head(half_away(v)) && code[half_away(v)] & VK_REMOVE;
        *wrong += marks[v] && (in_head(v) || code[v] & (VK_REMOVE | VK_BRAIN));
    }
    vv_buf_destroy(dev, &mark);
    vv_buf_destroy(dev, &pairs);
    vv_buf_destroy(dev, &codes);
    vv_grid_release(dev, &g);
    free(marks);
    free(level);
}

static void copies_are_marked(void **unused)
{
    (void)unused;
    uint8_t *code = malloc(N);
    for (int percent = 10; percent <= 30; percent += 20) {
        int right, wrong, all = 0;
        find(percent, 0, 0, &right, &wrong, code);
        for (int v = 0; v < N; v++) { /* well off the head, where a copy of what goes stands */
            double mm[3], depth;
            mm_of(v, mm);
            all += in_head(half_away(v)) && code[half_away(v)] & VK_REMOVE && !(code[v] & (VK_REMOVE | VK_BRAIN)) &&
                   mm[2] > -100 && vv_atlas_field_at(VK_FIELD_HEAD, mm, &depth) && depth < -12;
        }
        assert_true(all > 500);
        assert_true(right > 0.9 * all);
        assert_int_equal(wrong, 0);
    }
    free(code);
}

static void nothing_else_is(void **unused)
{
    (void)unused;
    uint8_t *code = malloc(N);
    int right, wrong;
    find(0, 0, 0, &right, &wrong, code);
    assert_int_equal(right + wrong, 0);
    find(0, 120, 0, &right, &wrong, code); /* a head rest */
    assert_int_equal(right + wrong, 0);
    find(0, 0, 300, &right, &wrong, code); /* slow shading is alike further away too */
    assert_int_equal(right + wrong, 0);
    free(code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(copies_are_marked), cmocka_unit_test(nothing_else_is)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
