/* Slices into stacks: order, geometry, what belongs together. The expected numbers are worked out by hand. */
#include "test.h"
#include "alloc.h"
#include "dicom_stack.h"
#include "made_dicom.h"
#include <math.h>
#include <string.h>

/* An axial slice at z, as a file of its own would give it (RAS+: LPS with x and y turned). */
static vv_dicom_slice *add(vv_dicom_slices *list, double z)
{
    static uint64_t instances;
    vv_dicom_slice *s = vv_dicom_slices_more(list);
    assert_non_null(s);
    s->file = list->n - 1;
    s->columns = 8;
    s->rows = 6;
    s->dtype = VV_DT_I16;
    s->placed = true;
    s->row[0] = -1;
    s->column[1] = -1;
    s->normal[2] = 1;
    s->position[0] = 10;
    s->position[1] = 20;
    s->position[2] = z;
    s->spacing[0] = 0.5;
    s->spacing[1] = 0.75;
    s->thickness = 3;
    s->instance = ++instances;
    s->number = (double)list->n;
    return s;
}

static vv_dicom_stacks stacks_of(const vv_dicom_slices *list, int64_t n)
{
    vv_dicom_stacks out;
    vv_err err = {0};
    assert_int_equal(vv_dicom_stacks_make(list, &out, &err), VV_OK);
    assert_int_equal(out.n, n);
    return out;
}

static void near(double got, double want)
{
    if (fabs(got - want) > 1e-9)
        fail_msg("%.12g is not %.12g", got, want);
}

static void is_affine(const vv_dicom_stack *st, const double want[12])
{
    for (int i = 0; i < 12; i++)
        near(st->affine[i], want[i]);
}

static void done(vv_dicom_slices *list, vv_dicom_stacks *s)
{
    vv_dicom_stacks_free(s);
    vv_dicom_slices_free(list);
}

static void test_sorted(void **state)
{
    (void)state;
    static const double z[] = {7, 1, 5, 3};
    vv_dicom_slices list = {0};
    for (int i = 0; i < 4; i++)
        add(&list, z[i]);
    vv_dicom_stacks s = stacks_of(&list, 1);
    const vv_dicom_stack *st = &s.all[0];
    assert_int_equal(st->slices, 4);
    assert_int_equal(st->times, 1);
    assert_int_equal(st->planes, 4);
    assert_true(st->even && st->straight && st->placed);
    assert_memory_equal(st->slice, ((int64_t[]){1, 3, 2, 0}), 4 * sizeof *st->slice);
    is_affine(st, (double[12]){-0.5, 0, 0, 10, 0, -0.75, 0, 20, 0, 0, 2, 1});
    near(st->tilt, 0);
    done(&list, &s);
}

/* Gantry tilt: pictures turned by 30 degrees, the table moves along z. */
static void test_tilt(void **state)
{
    (void)state;
    vv_dicom_slices list = {0};
    for (int i = 0; i < 5; i++) {
        vv_dicom_slice *s = add(&list, 4 * i);
        s->column[1] = -sqrt(0.75);
        s->column[2] = -0.5;
        s->normal[1] = -0.5;
        s->normal[2] = sqrt(0.75);
    }
    vv_dicom_stacks s = stacks_of(&list, 1);
    assert_true(s.all[0].even && s.all[0].straight);
    if (fabs(s.all[0].tilt - 30) > 1e-6)
        fail();
    is_affine(&s.all[0], (double[12]){-0.5, 0, 0, 10, 0, -0.75 * sqrt(0.75), 0, 20, 0, -0.375, 4, 0});
    done(&list, &s);
}

/* One slice of a row is missing, and then two spacings in one series: the planes show the nearest slice. */
static void test_uneven(void **state)
{
    (void)state;
    static const double missing[] = {0, 2, 6, 8};
    vv_dicom_slices list = {0};
    for (int i = 0; i < 4; i++)
        add(&list, missing[i]);
    vv_dicom_stacks s = stacks_of(&list, 1);
    assert_false(s.all[0].even);
    assert_true(s.all[0].straight);
    assert_int_equal(s.all[0].planes, 5);
    assert_memory_equal(s.all[0].plane_slice, ((int64_t[]){0, 1, 1, 2, 3}), 5 * sizeof(int64_t));
    near(s.all[0].affine[10], 2);
    done(&list, &s);
    static const double two[] = {0, 4, 8, 10, 18};
    for (int i = 0; i < 5; i++)
        add(&list, two[i]);
    s = stacks_of(&list, 1);
    assert_false(s.all[0].even);
    assert_int_equal(s.all[0].planes, 10);
    assert_memory_equal(s.all[0].plane_slice, ((int64_t[]){0, 0, 1, 1, 2, 3, 3, 3, 4, 4}), 10 * sizeof(int64_t));
    done(&list, &s);
    static const double rounded[] = {0, 7.07, 14.03, 21}; /* what a writer of one decimal leaves is even */
    for (int i = 0; i < 4; i++)
        add(&list, rounded[i]);
    s = stacks_of(&list, 1);
    assert_true(s.all[0].even);
    near(s.all[0].affine[10], 7);
    done(&list, &s);
}

/* Slices that move sideways form no straight stack. */
static void test_crooked(void **state)
{
    (void)state;
    vv_dicom_slices list = {0};
    for (int i = 0; i < 4; i++)
        add(&list, 2 * i)->position[0] = i == 2 ? 14 : 10;
    vv_dicom_stacks s = stacks_of(&list, 1);
    assert_false(s.all[0].straight);
    done(&list, &s);
}

static void test_times(void **state)
{
    (void)state;
    vv_dicom_slices list = {0};
    for (int t = 0; t < 2; t++) {
        for (int i = 0; i < 3; i++)
            add(&list, 2 * i)->acquisition = 2 - t; /* the second in the list was taken first */
    }
    vv_dicom_stacks s = stacks_of(&list, 1);
    assert_int_equal(s.all[0].slices, 3);
    assert_int_equal(s.all[0].times, 2);
    assert_memory_equal(s.all[0].slice, ((int64_t[]){3, 4, 5, 0, 1, 2}), 6 * sizeof(int64_t));
    done(&list, &s);
    for (int i = 0; i < 5; i++)
        add(&list, 2 * (i % 3)); /* the second time broke off */
    s = stacks_of(&list, 2);
    assert_int_equal(s.all[0].slices, 3);
    assert_int_equal(s.all[1].slices, 2);
    done(&list, &s);
}

static void test_doubled(void **state)
{
    (void)state;
    vv_dicom_slices list = {0};
    for (int i = 0; i < 3; i++)
        add(&list, 2 * i);
    add(&list, 2)->instance = list.all[1].instance;
    vv_dicom_stacks s = stacks_of(&list, 1);
    assert_int_equal(s.all[0].slices, 3);
    assert_int_equal(s.all[0].times, 1);
    assert_int_equal(s.all[0].doubled, 1);
    done(&list, &s);
    for (int i = 0; i < 3; i++) /* one number for all, and places of their own: none is left out */
        add(&list, 2 * i)->instance = 7;
    s = stacks_of(&list, 1);
    assert_int_equal(s.all[0].slices, 3);
    assert_int_equal(s.all[0].doubled, 0);
    done(&list, &s);
}

static void test_apart(void **state)
{
    (void)state;
    vv_dicom_slices list = {0};
    for (int i = 0; i < 7; i++) {
        add(&list, 2 * (i % 2));
        vv_dicom_slice *s = &list.all[i];
        s->series = i / 2 == 1;
        s->echo = i / 2 == 2 ? 20 : 10;
        if (i == 6) { /* a localiser: sagittal */
            s->row[0] = 0;
            s->row[1] = -1;
            s->column[1] = 0;
            s->column[2] = -1;
            s->normal[2] = 0;
            s->normal[0] = 1;
        }
    }
    vv_dicom_stacks s = stacks_of(&list, 4);
    assert_int_equal(s.all[3].slices, 1);
    is_affine(&s.all[3], (double[12]){0, 0, 3, 10, -0.5, 0, 0, 20, 0, -0.75, 0, 0});
    done(&list, &s);
}

static void test_unplaced(void **state)
{
    (void)state;
    vv_dicom_slices list = {0};
    for (int i = 0; i < 3; i++) {
        vv_dicom_slice *s = add(&list, 0);
        s->placed = false;
        s->number = 3 - i;
    }
    vv_dicom_stacks s = stacks_of(&list, 1);
    assert_false(s.all[0].placed);
    assert_memory_equal(s.all[0].slice, ((int64_t[]){2, 1, 0}), 3 * sizeof(int64_t));
    is_affine(&s.all[0], (double[12]){-1, 0, 0, 3.5, 0, -1, 0, 2.5, 0, 0, 1, -1});
    done(&list, &s);
}

/* From files: the geometry of an enhanced object, and of a mosaic of 2 x 2 tiles. */
static vv_dicom_slices slices_of(const made_dicom *m)
{
    vv_source source = vv_source_memory(m->bytes, m->n);
    vv_dicom *d;
    vv_err err = {0};
    vv_dicom_slices list = {0};
    assert_int_equal(vv_dicom_open(&source, &d, &err), VV_OK);
    assert_int_equal(vv_dicom_slices_add(&list, d, 0, &err), VV_OK);
    vv_dicom_close(&d);
    return list;
}

static void test_mosaic(void **state)
{
    (void)state;
    static const uint16_t zeros[16 * 12];
    made_dicom m;
    made_begin(&m, MADE_EXPLICIT);
    made_text(&m, 0x00080008, "CS", "ORIGINAL\\PRIMARY\\M\\MOSAIC");
    made_text(&m, 0x00180088, "DS", "3");
    made_place(&m, -16, -12, 5, 1.5, 2);
    made_module(&m, &(made_pixels){.columns = 16, .rows = 12, .allocated = 16});
    made_csa(&m, 3, 0, 0, -1); /* stacked downwards */
    made_pixel_words(&m, zeros, 16 * 12);
    vv_dicom_slices list = slices_of(&m);
    made_free_dicom(&m);
    assert_int_equal(list.n, 3);
    assert_int_equal(list.all[1].left, 8);
    assert_int_equal(list.all[1].top, 0);
    assert_int_equal(list.all[2].left, 0);
    assert_int_equal(list.all[2].top, 6);
    vv_dicom_stacks s = stacks_of(&list, 1);
    assert_memory_equal(s.all[0].slice, ((int64_t[]){0, 1, 2}), 3 * sizeof(int64_t));
    /* the corner lies (16 - 8) / 2 columns of 2 mm and (12 - 6) / 2 rows of 1.5 mm inside: x -16 + 8, y -12 + 4.5 */
    is_affine(&s.all[0], (double[12]){-2, 0, 0, 8, 0, -1.5, 0, 7.5, 0, 0, -3, 5});
    done(&list, &s);
}

static void test_enhanced(void **state)
{
    (void)state;
    static const uint16_t zeros[2 * 8];
    made_dicom m;
    made_begin(&m, MADE_EXPLICIT);
    made_module(&m, &(made_pixels){.columns = 4, .rows = 2, .frames = 2, .allocated = 16});
    made_groups(&m, "6\\1\\0", "2\\1\\0");
    made_pixel_words(&m, zeros, 16);
    vv_dicom_slices list = slices_of(&m);
    made_free_dicom(&m);
    vv_dicom_stacks s = stacks_of(&list, 1);
    near(list.all[0].slope, 0.5);
    near(list.all[0].inter, -10);
    /* row along +y (L P S), column along -z: the normal is -x, which is +x in RAS: frame 0 (x -6) comes first */
    assert_memory_equal(s.all[0].slice, ((int64_t[]){0, 1}), 2 * sizeof(int64_t));
    is_affine(&s.all[0], (double[12]){0, 0, 4, -6, -3, 0, 0, -1, 0, -2, 0, 0});
    done(&list, &s);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorted),   cmocka_unit_test(test_tilt),     cmocka_unit_test(test_uneven),
        cmocka_unit_test(test_crooked),  cmocka_unit_test(test_times),    cmocka_unit_test(test_doubled),
        cmocka_unit_test(test_apart),    cmocka_unit_test(test_unplaced), cmocka_unit_test(test_mosaic),
        cmocka_unit_test(test_enhanced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
