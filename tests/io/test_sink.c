/* Nothing at OUT but a whole file, whatever goes wrong. */
#include "test.h"
#include "format.h"
#include "made.h"
#include "sink.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[512], out[600];
static const char words[] = "voxels";

static vv_sink *opened(const char *path)
{
    vv_sink *s = NULL;
    vv_err err = {0};
    if (vv_sink_open(path, &s, &err) != VV_OK)
        fail_msg("%s", err.message);
    assert_int_equal(vv_sink_write(s, words, sizeof words, &err), VV_OK);
    return s;
}

static void expect_out(const char *in, const char *path, bool force, vv_status want, const char *word)
{
    vv_err err = {0};
    vv_status status = vv_file_check_out(in, path, force, &err);
    if (status != want || !strstr(err.message, word))
        fail_msg("wanted %d '%s', got %d %s", want, word, status, err.message);
}

static void commit_is_atomic(void **state)
{
    (void)state;
    vv_sink *s = opened(out);
    assert_int_not_equal(access(out, F_OK), 0);
    assert_int_equal(vv_sink_commit(&s, false, NULL), VV_OK);
    assert_null(s);
    assert_int_equal(access(out, F_OK), 0);
    assert_int_equal(made_count(folder), 1);
    remove(out);
}

static void discard_leaves_nothing(void **state)
{
    (void)state;
    vv_sink *s = opened(out);
    vv_sink_discard(&s);
    assert_null(s);
    vv_sink_discard(&s);
    assert_int_equal(made_count(folder), 0);
}

static void existing_output_stays(void **state)
{
    (void)state;
    vv_sink *s = opened(out);
    made_save(out, "older", 5); /* it came meanwhile */
    assert_int_equal(vv_sink_commit(&s, false, NULL), VV_E_USAGE);
    size_t n;
    uint8_t *bytes = made_load(out, &n);
    assert_int_equal(n, 5);
    free(bytes);
    s = opened(out);
    assert_int_equal(vv_sink_commit(&s, true, NULL), VV_OK);
    bytes = made_load(out, &n);
    assert_int_equal(n, sizeof words);
    free(bytes);
    assert_int_equal(made_count(folder), 1);
    remove(out);
}

static void mode_follows_the_mask(void **state)
{
    (void)state;
    mode_t before = umask(027);
    struct stat st;
    vv_sink *s = opened(out);
    assert_int_equal(vv_sink_commit(&s, false, NULL), VV_OK);
    umask(before);
    assert_int_equal(stat(out, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    remove(out);
}

static void quarantined(void **state)
{
    (void)state;
    char in[512], dir[600], there[700];
    struct stat st;
    vv_pool *pool = NULL;
    vv_read_result r;
    vv_pending *p = NULL;
    vv_write_options opt = {0};
    made_spec s = made_default();
    made_file f = made_build(&s);
    made_save_as(&f, folder, "in", false, in);
    snprintf(dir, sizeof dir, "%s/quarantine", folder);
    snprintf(there, sizeof there, "%s/out.nii.gz", dir);
    assert_int_equal(vv_pool_create(1, &pool, NULL), VV_OK);
    assert_int_equal(vv_file_read(in, pool, &r, NULL), VV_OK);
    for (int again = 0; again < 2; again++) {
        assert_int_equal(vv_file_write(out, &r, &opt, pool, &p, NULL), VV_OK);
        assert_int_equal(vv_file_quarantine(&p, dir, NULL), VV_OK);
        assert_null(p);
        assert_int_not_equal(access(out, F_OK), 0);
        assert_int_equal(stat(there, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
        assert_int_equal(stat(dir, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0700);
        assert_int_equal(made_count(dir), 1);
    }
    vv_file_close(&r);
    vv_pool_destroy(&pool);
    made_free(&f);
    made_remove_folder(dir);
    remove(in);
}

static void checks_before_work(void **state)
{
    (void)state;
    char in[600], other[600], bad[700];
    snprintf(in, sizeof in, "%s/in.nii", folder);
    made_save(in, "x", 1);
    expect_out(in, out, false, VV_OK, "");
    snprintf(other, sizeof other, "%s/out.mgz", folder);
    expect_out(in, other, false, VV_E_USAGE, "must end in");
    expect_out(in, "", false, VV_E_USAGE, "must end in");
    expect_out(in, in, true, VV_E_USAGE, "is the input");
    snprintf(other, sizeof other, "%s/link.nii", folder);
    assert_int_equal(symlink(in, other), 0);
    expect_out(in, other, true, VV_E_USAGE, "is the input");
    remove(other);
    assert_int_equal(link(in, other), 0);
    expect_out(in, other, true, VV_E_USAGE, "is the input");
    remove(other);
    snprintf(bad, sizeof bad, "%s/../%s/in.nii", folder, strrchr(folder, '/') + 1);
    expect_out(in, bad, true, VV_E_USAGE, "is the input");
    made_save(other, "x", 1);
    expect_out(in, other, false, VV_E_USAGE, "exists");
    expect_out(in, other, true, VV_OK, "");
    remove(other);
    assert_int_equal(mkdir(other, 0700), 0);
    expect_out(in, other, true, VV_E_USAGE, "folder");
    rmdir(other);
    assert_int_equal(symlink("nowhere", other), 0);
    expect_out(in, other, false, VV_E_USAGE, "exists");
    remove(other);
    assert_int_equal(mkfifo(other, 0600), 0);
    expect_out(in, other, true, VV_E_USAGE, "pipe");
    remove(other);
    snprintf(bad, sizeof bad, "%s/none/out.nii", folder);
    expect_out(in, bad, false, VV_E_USAGE, "does not exist");
    snprintf(bad, sizeof bad, "%s/out.nii", in);
    expect_out(in, bad, false, VV_E_USAGE, "does not exist");
    remove(in);
}

/* Makes a node of that kind at `out`, and expects it to outlive a forced sink, before and behind the opening. */
static void expect_node_stays(mode_t kind, dev_t device)
{
    vv_sink *s = NULL;
    vv_err err = {0};
    struct stat st;
    for (int late = 0; late < 2; late++) {
        if (late)
            s = opened(out);
        assert_int_equal(mknod(out, kind | 0600, device), 0);
        assert_false(vv_sink_may_replace(out));
        assert_int_equal(late ? vv_sink_commit(&s, true, &err) : vv_sink_open(out, &s, &err), VV_E_USAGE);
        assert_null(s);
        assert_non_null(strstr(err.message, "device"));
        assert_int_equal(lstat(out, &st), 0);
        assert_true((st.st_mode & S_IFMT) == kind);
        assert_int_equal(made_count(folder), 1);
        remove(out);
    }
}

static void pipe_stays(void **state)
{
    (void)state;
    expect_node_stays(S_IFIFO, 0);
}

/* A device node of the test's own, of the null device's kind. */
static void device_stays(void **state)
{
    (void)state;
    if (mknod(out, S_IFCHR | 0600, makedev(1, 3)) != 0)
        skip();
    remove(out);
    expect_node_stays(S_IFCHR, makedev(1, 3));
}

/* A link to a file, or to nothing, is replaced and its target left alone; one to a pipe stays. */
static void links(void **state)
{
    (void)state;
    char target[600];
    struct stat st;
    snprintf(target, sizeof target, "%s/target", folder);
    for (int there = 0; there < 2; there++) {
        if (there)
            made_save(target, "older", 5);
        assert_int_equal(symlink(target, out), 0);
        vv_sink *s = opened(out);
        assert_int_equal(vv_sink_commit(&s, true, NULL), VV_OK);
        assert_true(lstat(out, &st) == 0 && S_ISREG(st.st_mode));
        remove(out);
    }
    assert_true(stat(target, &st) == 0 && st.st_size == 5);
    remove(target);
    assert_int_equal(mkfifo(target, 0600), 0);
    assert_int_equal(symlink(target, out), 0);
    vv_sink *s = NULL;
    assert_int_equal(vv_sink_open(out, &s, NULL), VV_E_USAGE);
    assert_true(lstat(out, &st) == 0 && S_ISLNK(st.st_mode));
    remove(out);
    remove(target);
}

static void expect_apart(const char *a, const char *b, bool apart)
{
    vv_status want = apart ? VV_OK : VV_E_USAGE;
    if (vv_file_check_apart(a, b, "report", NULL) != want || vv_file_check_apart(b, a, "report", NULL) != want)
        fail_msg("%s and %s", strrchr(a, '/'), strrchr(b, '/'));
}

/* Names of files that are not there yet. */
static void apart(void **state)
{
    (void)state;
    char loop[600], a[700], b[700];
    snprintf(loop, sizeof loop, "%s/loop", folder);
    assert_int_equal(symlink(".", loop), 0);
    static const struct {
        const char *a, *b;
        bool apart;
    } cases[] = {{"o.nii.gz", "o.nii.gz", false},
                 {"o.nii.gz", "loop/o.nii.gz", false},
                 {"o.hdr", "o.img", false},
                 {"loop/o.img.gz", "o.hdr.gz", false},
                 {"o.img.gz", "o.hdr", false},
                 {"loop/loop/o.HDR", "o.img", false},
                 {"o.nii", "o.nii.gz", true},
                 {"o.json", "o.hdr", true},
                 {"o", "o.img", true},
                 {"o.hdr", "p.hdr", true},
                 {"none/o.nii", "o.nii", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(a, sizeof a, "%s/%s", folder, cases[i].a);
        snprintf(b, sizeof b, "%s/%s", folder, cases[i].b);
        expect_apart(a, b, cases[i].apart);
    }
    snprintf(a, sizeof a, "%s/real", folder);
    snprintf(b, sizeof b, "%s/hard", folder);
    made_save(a, "x", 1);
    assert_int_equal(link(a, b), 0);
    expect_apart(a, b, false);
    remove(a);
    remove(b);
    remove(loop);
}

/* The output is the other half of the input's pair. */
static void checks_pairs(void **state)
{
    (void)state;
    char header[600], image[600];
    snprintf(header, sizeof header, "%s/pair.hdr", folder);
    snprintf(image, sizeof image, "%s/pair.img", folder);
    made_save(header, "x", 1);
    made_save(image, "x", 1);
    expect_out(header, image, true, VV_E_USAGE, "is the input");
    expect_out(image, header, true, VV_E_USAGE, "is the input");
    char linked[600]; /* another name of the half that was not given */
    snprintf(linked, sizeof linked, "%s/linked.nii", folder);
    assert_int_equal(symlink(image, linked), 0);
    expect_out(header, linked, true, VV_E_USAGE, "is the input");
    remove(linked);
    remove(image);
    expect_out(out, image, false, VV_E_USAGE, "exists");
    remove(header);
}

/* ANALYZE has no single file; said before the work, and by the writer too. */
static void analyze_needs_a_pair(void **state)
{
    (void)state;
    char header[512], image[600], pair[600];
    made_spec s = made_default();
    s.version = 0;
    s.pair = true;
    made_file f = made_build(&s);
    made_save_as(&f, folder, "in", true, header);
    snprintf(image, sizeof image, "%s/in.img.gz", folder);
    snprintf(pair, sizeof pair, "%s/out.img", folder);
    expect_out(header, out, false, VV_E_USAGE, "pair");
    expect_out(image, out, false, VV_E_USAGE, "pair");
    expect_out(image, pair, false, VV_OK, "");
    vv_pool *pool = NULL;
    vv_read_result r;
    vv_pending *p = NULL;
    vv_write_options opt = {0};
    assert_int_equal(vv_pool_create(1, &pool, NULL), VV_OK);
    assert_int_equal(vv_file_read(header, pool, &r, NULL), VV_OK);
    assert_int_equal(vv_file_write(out, &r, &opt, pool, &p, NULL), VV_E_USAGE);
    assert_null(p);
    vv_file_close(&r);
    vv_pool_destroy(&pool);
    made_free(&f);
    remove(header);
    remove(image);
}

static void missing_folder(void **state)
{
    (void)state;
    char path[700];
    vv_sink *s = NULL;
    snprintf(path, sizeof path, "%s/none/out.nii", folder);
    assert_int_equal(vv_sink_open(path, &s, NULL), VV_E_USAGE);
    assert_null(s);
    made_save(out, "x", 1);
    snprintf(path, sizeof path, "%s/out.nii", out);
    assert_int_equal(vv_sink_open(path, &s, NULL), VV_E_USAGE);
    assert_null(s);
    remove(out);
}

/* In a child without root's rights, to whom every folder is writable. */
static int in_read_only_folder(void)
{
    vv_sink *s = NULL;
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 77;
    bool right =
        vv_sink_open(out, &s, NULL) == VV_E_USAGE && !s && vv_file_check_out("in.nii", out, false, NULL) == VV_E_USAGE;
    return right ? 0 : 1;
}

/* The exit code of `test` in a process of its own. */
static int in_child(int (*test)(void))
{
    int how;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(test());
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    return WEXITSTATUS(how);
}

/* Comes after the clean-up, as skip() does not return. */
static void judge(int code)
{
    if (code == 77)
        skip();
    assert_int_equal(code, 0);
}

static void read_only_folder(void **state)
{
    (void)state;
    assert_int_equal(chmod(folder, 0555), 0);
    int code = in_child(in_read_only_folder);
    assert_int_equal(chmod(folder, 0700), 0);
    judge(code);
}

/* Writes until it fails; the status of that. */
static vv_status fill_up(const char *path)
{
    static uint8_t step[1 << 16];
    vv_sink *s = NULL;
    vv_status status = vv_sink_open(path, &s, NULL);
    for (int i = 0; i < 64 && status == VV_OK; i++)
        status = vv_sink_write(s, step, sizeof step, NULL);
    vv_sink_discard(&s);
    return status;
}

static void size_limit(void **state)
{
    (void)state;
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 1 << 20;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    vv_status status = fill_up(out);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, VV_E_RESOURCE);
    assert_int_equal(made_count(folder), 0);
}

/* In a child with its own mounts: a disk of 256 KiB. 77: it may not mount. */
static int on_small_disk(void)
{
    char path[700], dir[600];
    snprintf(dir, sizeof dir, "%s/disk", folder);
    snprintf(path, sizeof path, "%s/out.nii", dir);
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", dir, "tmpfs", 0, "size=256k") != 0)
        return 77;
    vv_status status = fill_up(path);
    int left = made_count(dir);
    return status == VV_E_RESOURCE && left == 0 ? 0 : 1;
}

static void disk_full(void **state)
{
    (void)state;
    char dir[600];
    snprintf(dir, sizeof dir, "%s/disk", folder);
    assert_int_equal(mkdir(dir, 0700), 0);
    int code = in_child(on_small_disk);
    rmdir(dir);
    judge(code);
}

static void kill_signal(int signal_number)
{
    int ready[2], how;
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        vv_sink *s = NULL;
        if (vv_sink_open(out, &s, NULL) != VV_OK || vv_sink_write(s, words, sizeof words, NULL) != VV_OK)
            _exit(1);
        if (write(ready[1], "r", 1) == 1)
            pause();
        _exit(1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(kill(child, signal_number), 0);
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how));
    close(ready[0]);
    close(ready[1]);
    assert_int_not_equal(access(out, F_OK), 0);
}

static void killed(void **state)
{
    (void)state;
    kill_signal(SIGTERM);
    kill_signal(SIGKILL);
    /* Where the file system has unnamed files nothing at all is left. */
    int fd = open(folder, O_TMPFILE | O_RDWR, 0600);
    if (fd < 0)
        skip();
    close(fd);
    assert_int_equal(made_count(folder), 0);
}

static void picture(void **state)
{
    (void)state;
    char path[600];
    uint8_t pixels[4 * 3 * 3];
    memset(pixels, 77, sizeof pixels);
    snprintf(path, sizeof path, "%s/sheet.png", folder);
    assert_int_equal(vv_png_write(path, pixels, 4, 3, 3, false, NULL), VV_OK);
    assert_int_equal(vv_png_write(path, pixels, 4, 3, 3, false, NULL), VV_E_USAGE);
    assert_int_equal(vv_png_write(path, pixels, 12, 3, 1, true, NULL), VV_OK);
    assert_int_equal(vv_png_write(path, pixels, 12, 3, 2, true, NULL), VV_E_INTERNAL);
    size_t n;
    uint8_t *bytes = made_load(path, &n);
    assert_memory_equal(bytes, "\x89PNG\r\n\x1a\n", 8);
    assert_memory_equal(bytes + 16, "\0\0\0\x0c\0\0\0\x03\x08\0", 10); /* 12 by 3, 8 bit, grey */
    free(bytes);
    assert_int_equal(made_count(folder), 1);
    remove(path);
}

static int setup(void **state)
{
    (void)state;
    made_folder(folder);
    snprintf(out, sizeof out, "%s/out.nii.gz", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    made_remove_folder(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commit_is_atomic),
        cmocka_unit_test(discard_leaves_nothing),
        cmocka_unit_test(existing_output_stays),
        cmocka_unit_test(mode_follows_the_mask),
        cmocka_unit_test(quarantined),
        cmocka_unit_test(checks_before_work),
        cmocka_unit_test(checks_pairs),
        cmocka_unit_test(pipe_stays),
        cmocka_unit_test(device_stays),
        cmocka_unit_test(links),
        cmocka_unit_test(apart),
        cmocka_unit_test(analyze_needs_a_pair),
        cmocka_unit_test(missing_folder),
        cmocka_unit_test(read_only_folder),
        cmocka_unit_test(size_limit),
        cmocka_unit_test(disk_full),
        cmocka_unit_test(killed),
        cmocka_unit_test(picture),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
