/* What is counted as identity, at every depth; the expected counts are those of what was put in. */
#include "test.h"
#include "dicom_identity.h"
#include "made_dicom.h"

static void test_actions(void **state)
{
    (void)state;
    static const struct {
        uint32_t tag;
        vv_dicom_action action;
    } cases[] = {
        /* the first and the last of the table, some between (read off PS3.15), and what the table does not name */
        {0x00020003, VV_DICOM_U},    {0xfffcfffc, VV_DICOM_X},     {0x00100010, VV_DICOM_Z},
        {0x00100020, VV_DICOM_Z_D},  {0x00100030, VV_DICOM_Z},     {0x00101010, VV_DICOM_X},
        {0x00080018, VV_DICOM_U},    {0x00080080, VV_DICOM_X_Z_D}, {0x00080020, VV_DICOM_Z},
        {0x00080021, VV_DICOM_X_D},  {0x00081140, VV_DICOM_X_Z_U}, {0x00280010, VV_DICOM_KEEP},
        {0x00080016, VV_DICOM_KEEP}, {0x00080060, VV_DICOM_KEEP},  {0x7fe00010, VV_DICOM_KEEP},
        {0x00090010, VV_DICOM_X},    {0x50020010, VV_DICOM_X},     {0x60023000, VV_DICOM_X},
        {0x60024000, VV_DICOM_X},    {0x60020010, VV_DICOM_KEEP},  {0x00000000, VV_DICOM_KEEP},
        {0xffffffff, VV_DICOM_X},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (vv_dicom_basic_action(cases[i].tag) != cases[i].action)
            fail_msg("%08x", cases[i].tag);
    }
}

static vv_dicom_identity identity_of(made_dicom *m)
{
    vv_source s = vv_source_memory(m->bytes, m->n);
    vv_dicom *d;
    vv_err err = {0};
    vv_dicom_identity out;
    assert_int_equal(vv_dicom_open(&s, &d, &err), VV_OK);
    vv_dicom_find_identity(d, &out);
    vv_dicom_close(&d);
    made_free_dicom(m);
    return out;
}

static void test_counts(void **state)
{
    (void)state;
    static const uint8_t bits[2] = {1, 2};
    made_dicom m;
    made_begin(&m, MADE_EXPLICIT);                                /* its meta group holds one UID */
    made_text(&m, 0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.4"); /* a class: stays */
    made_text(&m, 0x00080018, "UI", "1.2.3");                     /* uid */
    made_text(&m, 0x00080050, "SH", "  ");                        /* empty: nothing to count */
    made_open(&m, 0x00082218);                                    /* not in the table: looked into; */
    made_text(&m, 0x00080050, "SH", "A1");                        /* attribute */
    made_open(&m, 0x00401012);
    made_text(&m, 0x00100020, "LO", "ID"); /* attribute */
    made_text(&m, 0x00110010, "LO", "CREATOR");
    made_text(&m, 0x00111001, "LO", "private"); /* private */
    made_shut(&m);
    made_next(&m);
    made_text(&m, 0x00081155, "UI", "1.2.4"); /* uid */
    made_shut(&m);
    made_text(&m, 0x00100010, "PN", "DOE^J"); /* attribute */
    made_open(&m, 0x00101002);                /* attribute: goes with all in it */
    made_text(&m, 0x00100020, "LO", "ID2");
    made_shut(&m);
    made_element(&m, 0x00189999, "UN", bits, 2); /* attribute: cannot be seen into */
    made_us(&m, 0x60000010, 1);
    made_element(&m, 0x60003000, "OW", bits, 2); /* overlay */
    vv_dicom_identity got = identity_of(&m);
    assert_int_equal(got.attributes, 5);
    assert_int_equal(got.uids, 3);
    assert_int_equal(got.privates, 1);
    assert_int_equal(got.overlays, 1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_actions), cmocka_unit_test(test_counts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
