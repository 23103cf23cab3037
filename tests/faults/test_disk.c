/* What the system can refuse while an output is written, one call at a time: the status, and nothing at OUT or beside
 * it. Also the ways of file systems that have no unnamed files. The linker puts the functions below in place of the
 * real ones
 * (--wrap). */
#include "test.h"
#include "format.h"
#include "made.h"
#include "sink.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    bool no_unnamed, no_rename_flags; /* an older or a foreign file system */
    int write_error, sync_error, link_error, rename_error, mode_error;
    int writes_before; /* that still succeed */
    bool short_writes;
} faults;

int __real_openat(int dir, const char *path, int flags, mode_t mode);
ssize_t __real_write(int fd, const void *data, size_t n);
int __real_fsync(int fd);
int __real_fchmod(int fd, mode_t mode);
int __real_linkat(int a, const char *from, int b, const char *to, int flags);
int __real_renameat(int a, const char *from, int b, const char *to);
int __real_renameat2(int a, const char *from, int b, const char *to, unsigned flags);

static bool strike(int error)
{
    if (error != 0)
        errno = error;
    return error != 0;
}

int __wrap_openat(int dir, const char *path, int flags, mode_t mode)
{
    bool unnamed = (flags & O_TMPFILE) == O_TMPFILE;
    return unnamed && strike(faults.no_unnamed ? EOPNOTSUPP : 0) ? -1 : __real_openat(dir, path, flags, mode);
}

ssize_t __wrap_write(int fd, const void *data, size_t n)
{
    if (fd <= STDERR_FILENO) /* the test's own words */
        return __real_write(fd, data, n);
    if (faults.write_error != 0 && faults.writes_before-- <= 0 && strike(faults.write_error))
        return -1;
    return __real_write(fd, data, faults.short_writes && n > 1 ? n / 2 : n);
}

int __wrap_fsync(int fd)
{
    struct stat st;
    bool folder = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
    return !folder && strike(faults.sync_error) ? -1 : __real_fsync(fd);
}

int __wrap_fchmod(int fd, mode_t mode)
{
    return strike(faults.mode_error) ? -1 : __real_fchmod(fd, mode);
}

int __wrap_linkat(int a, const char *from, int b, const char *to, int flags)
{
    return strike(faults.link_error) ? -1 : __real_linkat(a, from, b, to, flags);
}

int __wrap_renameat(int a, const char *from, int b, const char *to)
{
    return strike(faults.rename_error) ? -1 : __real_renameat(a, from, b, to);
}

int __wrap_renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
    return strike(faults.no_rename_flags ? EINVAL : faults.rename_error) ? -1 : __real_renameat2(a, from, b, to, flags);
}

static char folder[512], in[512], out[600];
static vv_pool *pool;
static made_file file;

static vv_status write_it(const char *path, bool force, vv_err *err)
{
    vv_read_result r;
    vv_pending *p = NULL;
    vv_write_options opt = {0};
    assert_int_equal(vv_file_read(in, pool, &r, NULL), VV_OK);
    vv_status status = vv_file_write(path, &r, &opt, pool, &p, err);
    if (status == VV_OK)
        status = vv_file_commit(&p, force, err);
    vv_file_close(&r);
    assert_null(p);
    return status;
}

static void expect(vv_status want, const char *word)
{
    for (int named = 0; named < 2; named++) {
        for (int force = 0; force < 2; force++) {
            vv_err err = {0};
            faults.no_unnamed = named;
            vv_status status = write_it(out, force, &err);
            if (status != want || !strstr(err.message, word))
                fail_msg("wanted %d '%s', got %d %s", want, word, status, err.message);
            assert_int_equal(made_count(folder), want == VV_OK ? 2 : 1);
            if (want == VV_OK) {
                size_t n;
                uint8_t *bytes = made_load(out, &n);
                assert_int_equal(n, file.header_bytes);
                assert_memory_equal(bytes, file.header, n); /* there are no words in it to clean */
                free(bytes);
                remove(out);
            }
        }
    }
}

static int clear(void **state)
{
    (void)state;
    memset(&faults, 0, sizeof faults);
    return 0;
}

static void write_fails(void **state)
{
    (void)state;
    static const struct {
        int error;
        const char *word;
    } cases[] = {{ENOSPC, "full"}, {EDQUOT, "full"}, {EFBIG, "limit"}, {EIO, "failed"}};
    for (size_t i = 0; i < 4; i++) {
        for (int before = 0; before < 2; before++) {
            faults.write_error = cases[i].error;
            for (int named = 0; named < 2; named++) {
                vv_err err = {0};
                faults.no_unnamed = named;
                faults.writes_before = before;
                assert_int_equal(write_it(out, false, &err), VV_E_RESOURCE);
                assert_non_null(strstr(err.message, cases[i].word));
                assert_int_equal(made_count(folder), 1);
            }
        }
    }
}

static void short_writes(void **state)
{
    (void)state;
    faults.short_writes = true;
    expect(VV_OK, "");
}

static void end_fails(void **state)
{
    (void)state;
    faults.sync_error = ENOSPC; /* where network file systems find out */
    expect(VV_E_RESOURCE, "full");
    faults.sync_error = EIO;
    expect(VV_E_RESOURCE, "failed");
    faults.sync_error = 0;
    faults.mode_error = EIO;
    expect(VV_E_RESOURCE, "failed");
    faults.mode_error = 0;
    faults.link_error = EIO;
    faults.rename_error = EIO;
    expect(VV_E_RESOURCE, "failed");
}

static void no_unnamed_files(void **state)
{
    (void)state;
    for (int flags = 0; flags < 2; flags++) {
        faults.no_rename_flags = flags;
        expect(VV_OK, "");
        made_save(out, "older", 5);
        faults.no_unnamed = true;
        assert_int_equal(write_it(out, false, NULL), VV_E_USAGE);
        assert_int_equal(made_count(folder), 2);
        assert_int_equal(write_it(out, true, NULL), VV_OK);
        assert_int_equal(made_count(folder), 2);
        remove(out);
    }
}

/* The second file of a pair fails: the first is not left alone. */
static void half_a_pair(void **state)
{
    (void)state;
    char pair[600];
    snprintf(pair, sizeof pair, "%s/pair.hdr", folder);
    made_save(pair, "older", 5); /* came after the check */
    assert_int_equal(write_it(pair, false, NULL), VV_E_USAGE);
    assert_int_equal(made_count(folder), 2); /* it and the input */
    remove(pair);
}

static int setup(void **state)
{
    (void)state;
    made_spec s = made_default();
    made_folder(folder);
    snprintf(out, sizeof out, "%s/out.nii.gz", folder);
    file = made_build(&s);
    made_save_as(&file, folder, "in", false, in);
    return vv_pool_create(2, &pool, NULL);
}

static int teardown(void **state)
{
    (void)state;
    vv_pool_destroy(&pool);
    made_free(&file);
    made_remove_folder(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(write_fails, clear), cmocka_unit_test_setup(short_writes, clear),
        cmocka_unit_test_setup(end_fails, clear),   cmocka_unit_test_setup(no_unnamed_files, clear),
        cmocka_unit_test_setup(half_a_pair, clear),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
