/* Where the tiles of the preview sheet stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "sheet.h"

static void every_tile_stands_in_its_place(void **state)
{
    (void)state;
    vv_face_pictures *p = calloc(1, sizeof *p);
    uint8_t *sheet = malloc((size_t)VV_SHEET_WIDTH * VV_SHEET_HEIGHT);
    assert_non_null(p);
    assert_non_null(sheet);
    for (int t = 0; t < VV_TILES; t++) {
        memset(p->before[t], 10 + t, sizeof p->before[t]);
        memset(p->after[t], 20 + t, sizeof p->after[t]);
    }
    vv_sheet_compose(p, sheet);
    size_t count[256] = {0};
    for (size_t i = 0; i < (size_t)VV_SHEET_WIDTH * VV_SHEET_HEIGHT; i++)
        count[sheet[i]]++;
    for (int t = 0; t < VV_TILES; t++) {
        size_t x = (size_t)(VV_SHEET_GAP + t * (VV_TILE_SIZE + VV_SHEET_GAP));
        size_t before = VV_SHEET_LABEL, after = 2 * VV_SHEET_LABEL + VV_TILE_SIZE;
        assert_int_equal(sheet[before * VV_SHEET_WIDTH + x], 10 + t);
        assert_int_equal(sheet[after * VV_SHEET_WIDTH + x], 20 + t);
        assert_int_equal(count[10 + t], VV_TILE_SIZE * VV_TILE_SIZE);
        assert_int_equal(count[20 + t], VV_TILE_SIZE * VV_TILE_SIZE);
    }
    assert_true(count[255] > 50); /* the two labels */
    free(sheet);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_tile_stands_in_its_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
