/* voxveil.h - the one public header of libvoxveil.
 *
 * Conventions
 *  - Every call that can fail returns a vv_status and fills a caller-owned vv_err (NULL is allowed).
 *  - `T **out` is owned by the caller and released with the matching destroy function, which sets it to NULL.
 *    `const T *` is borrowed for the call.
 *  - Parameter structs start with their own size and are valid when otherwise zero: `vv_x x = {.size = sizeof x}`.
 *  - An engine belongs to one thread at a time. The library never prints, exits or aborts.
 *  - Coordinates are millimetres in the NIfTI world frame (RAS+: x grows to
 *    the subject's right, y to the front, z to the head). Volumes are stored x fastest (NIfTI order).
 */
#ifndef VOXVEIL_H
#define VOXVEIL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define VV_API __attribute__((visibility("default")))
#define VV_NODISCARD __attribute__((warn_unused_result))
#else
#define VV_API
#define VV_NODISCARD
#endif

#define VV_VERSION "0.1.0"

/* The values are the exit codes of the command (docs/guide.md). */
typedef enum vv_status {
    VV_OK = 0,          /* done and verified */
    VV_E_INTERNAL = 1,  /* a fault in voxveil itself */
    VV_E_USAGE = 2,     /* the call is wrong */
    VV_E_REFUSED = 3,   /* the input is refused: unreadable, unsupported, not an image (permanent) */
    VV_E_REVIEW = 4,    /* cleaned but not proven; nothing is at the output path */
    VV_E_RESOURCE = 5,  /* out of memory, disk or device, I/O error (transient) */
    VV_E_CANCELLED = 130 /* the progress callback asked to stop; nothing half-written */
} vv_status;

/* Detail of a failure. Caller-owned, never allocated; holds no patient text and no path. */
typedef struct vv_err {
    vv_status status;
    char where[48];    /* the part that failed: "nifti", "gzip", "device", ... */
    char message[208]; /* what happened and what to do, one line */
} vv_err;

typedef struct vv_engine vv_engine;
typedef struct vv_report vv_report;

/* Called with a stage name ("read", "upload", "find", "remove", "verify", "write") and the fraction done in [0,1].
 * Returning non-zero cancels: the job ends with VV_E_CANCELLED. Called from the engine's own thread only. */
typedef int (*vv_progress_fn)(void *user, const char *stage, double fraction);
/* One line of text without newline. level: 0 error, 1 warning, 2 info, 3 debug. */
typedef void (*vv_log_fn)(void *user, int level, const char *line);
/* Called with the finished report when everything is proven (or about to go to quarantine) but nothing is at the output
 * path yet. Returning non-zero stops the job with VV_E_RESOURCE: no output without its report. */
typedef int (*vv_report_fn)(void *user, const vv_report *report);

typedef struct vv_engine_options {
    size_t size;
    const char *device; /* "auto" (NULL), "cpu", "opencl[:N]", "cuda[:N]" */
    int threads;        /* 0: one per online core */
    vv_progress_fn progress;
    vv_log_fn log;
    void *user;         /* handed to progress and log */
} vv_engine_options;

typedef enum vv_mode {
    VV_MODE_REMOVE = 0, /* the level of the air */
    VV_MODE_BLUR = 1,   /* a low-pass of what is kept around */
    VV_MODE_NOISE = 2,  /* air and tissue with the noise of those that are kept */
    VV_MODE_REFACE = 3, /* the average face of a population, at the subject's levels */
    VV_MODE_BRAIN = 4   /* the level of the air, everywhere but in the brain and some mm around it; takes no regions */
} vv_mode;

enum { VV_REGION_FACE = 1, VV_REGION_EARS = 2, VV_REGION_TEETH = 4, VV_REGION_EYES = 8, VV_REGION_FOREHEAD = 16,
       VV_REGION_GHOSTS = 32 };

typedef struct vv_deface_options {
    size_t size;
    vv_mode mode;
    uint32_t regions;         /* VV_REGION_*, not _GHOSTS alone; 0: face, ears and ghosts */
    int fill_given;           /* 0: fill with the level of the air; else fill_value, in scaled units, which the type must hold;
                               * not with _NOISE and _REFACE, which measure the air */
    double fill_value;
    int keep_text;            /* keep descrip, aux_file, intent_name, db_name */
    int keep_extensions;      /* keep NIfTI header extensions */
    int force;                /* replace an existing output */
    const char *mask_path;    /* also write the mask (uint8 NIfTI, 1 = removed), or NULL */
    const char *preview_path; /* also write the preview sheet (PNG), or NULL */
    const char *quarantine_dir; /* where an unproven result goes; NULL: a folder `voxveil-quarantine` beside the output */
    const char *protect_path; /* a mask file: voxels where it is above 0 are never changed; or NULL */
    const char *apply_path;   /* a mask file: what is above 0 is removed, and nothing else; or NULL: the face is. The result
                               * is verified all the same */
    const char *fiducials_path; /* also write nasion and preauricular points (JSON, docs/guide.md), or NULL */
    vv_report_fn on_report;   /* NULL, or called with the engine's `user` just before the output appears */
} vv_deface_options;

typedef enum vv_dtype {
    VV_DT_NONE = 0,
    VV_DT_U8, VV_DT_I8, VV_DT_U16, VV_DT_I16, VV_DT_U32, VV_DT_I32, VV_DT_U64, VV_DT_I64,
    VV_DT_F32, VV_DT_F64, VV_DT_F128, /* F128: 16 bytes, never handed to a kernel */
    VV_DT_RGB24, VV_DT_RGBA32
} vv_dtype;

/* An image in memory. `data` holds nx*ny*nz*(nt*nu) voxels in native byte order, x fastest, and is rewritten in place. */
typedef struct vv_image {
    size_t size;
    int64_t dims[5];     /* nx, ny, nz, nt, nu; 0 counts as 1 */
    vv_dtype dtype;
    double slope, inter; /* stored * slope + inter; slope 0: none */
    double affine[12];   /* row-major 3x4: voxel index to mm, RAS+ */
    void *data;
    uint8_t *mask;       /* nx*ny*nz bytes, filled with 1 where voxels were removed; NULL: not wanted */
    const uint8_t *protect; /* nx*ny*nz bytes: what is not 0 is never changed; NULL: none */
    const uint8_t *apply;   /* nx*ny*nz bytes: what is not 0 is removed, and nothing else; NULL: the face is */
} vv_image;

/* Opens the device, runs its self-test and loads the atlas. VV_E_RESOURCE: no such device, or one whose bits differ. */
VV_API VV_NODISCARD vv_status vv_engine_create(const vv_engine_options *opt, vv_engine **out, vv_err *err);
VV_API void vv_engine_destroy(vv_engine **engine);

/* Removes the face of the volume at `in` (a file, or a DICOM series: a folder or any file of it) and writes it to `out`, atomically and only if verified. *report (may be NULL)
 * is set whenever the job got far enough to have one, also on VV_E_REVIEW. */
VV_API VV_NODISCARD vv_status vv_deface_file(vv_engine *engine, const char *in, const char *out,
                                             const vv_deface_options *opt, vv_report **report, vv_err *err);
/* One series of a visit: read from `in`, written to `out`. */
typedef struct vv_study_item {
    size_t size;
    const char *in, *out;
    const char *mask_path, *preview_path, *fiducials_path; /* as in vv_deface_options; NULL: not wanted */
} vv_study_item;

/* Removes the face from several volumes of one visit (n >= 1). The head is found on the one that shows it best, and the pose
 * is carried to all that share its frame of reference: each series is asked whether it agrees; one that shows nothing to find a
 * head by is taken at the header's word, one that does not agree is searched by itself. The order of the items does not
 * matter. Every output has a verdict of its own, and appears only when all series are done and the pose they share is
 * proven; where that is not, all of them are review. VV_E_REVIEW: at least one went to quarantine, the others are in place.
 * Any other failure leaves nothing, but for outputs that were in place already when putting a later one there failed.
 * mask_path, preview_path and fiducials_path of `opt` must be NULL; protect_path and apply_path hold for every series.
 * *report (may be NULL) is that of the study (schema voxveil.study/1), with the items' in it; on_report gets it too. */
VV_API VV_NODISCARD vv_status vv_deface_study(vv_engine *engine, const vv_study_item *items, int n,
                                              const vv_deface_options *opt, vv_report **report, vv_err *err);
/* The same on memory. On any status but VV_OK the image's data are zeroed, so that nothing unproven can be used; only where
 * they cannot be known (another struct size, dims or dtype that are not valid) are they left alone, with VV_E_USAGE or
 * VV_E_REFUSED. The paths in `opt` must be NULL, keep_* and force are ignored. */
VV_API VV_NODISCARD vv_status vv_deface_image(vv_engine *engine, vv_image *image, const vv_deface_options *opt,
                                              vv_report **report, vv_err *err);
/* Holds the cleaned file at `cleaned` against its original: where the head lies, what had to go and what stands there now are
 * worked out again from the two files, and every gate is measured on the voxels and the header of `cleaned`. opt: as it was
 * cleaned (mode, regions, fill, masks, keep_*); its other paths must be NULL. Writes nothing. VV_OK: it holds (verdict clean,
 * or no_face); VV_E_REVIEW: it does not; VV_E_REFUSED: not two files of one image. A series of a study is cleaned by the
 * study's pose, not by its own: give its mask as apply_path. *report (may be NULL) is set with VV_OK and VV_E_REVIEW. */
VV_API VV_NODISCARD vv_status vv_verify_file(vv_engine *engine, const char *original, const char *cleaned,
                                             const vv_deface_options *opt, vv_report **report, vv_err *err);
/* Two folders with files of the same names, before and after cleaning (or two files), and a folder with other scans of the same
 * people: a file's name up to its first underscore (or else its first dot) says whose it is, in all three. */
typedef struct vv_archive {
    size_t size;
    const char *originals, *cleaned, *gallery;
    const char *page_path; /* also write the certificate as a page (HTML) that needs nothing else, or NULL */
    int force;             /* replace an existing page */
} vv_archive;

/* Holds every cleaned file against its original, as vv_verify_file does (without masks), then tries to find each person by the
 * cleaned file among the scans of the gallery, and by the original, to show what the attacks are worth. VV_OK: every gate holds
 * and so does every attack; VV_E_REVIEW: something does not, a cleaned file is missing, or the attacks are too weak to say
 * anything; *report (may be NULL; schema voxveil.certificate/1) and the page are made in both cases, and name nobody.
 * VV_E_USAGE: fewer than two people in the gallery, or nobody to look for in it. */
VV_API VV_NODISCARD vv_status vv_verify_archive(vv_engine *engine, const vv_archive *archive, const vv_deface_options *opt,
                                                vv_report **report, vv_err *err);
/* What the file or DICOM folder is, what identity it carries and its risk grade. Changes nothing. */
VV_API VV_NODISCARD vv_status vv_info_file(vv_engine *engine, const char *in, vv_report **report, vv_err *err);

/* The report as JSON (schema voxveil.report/1), owned by the report. */
VV_API const char *vv_report_json(const vv_report *report);
/* "clean", "no_face" or "review" (of a study: review where any item is, no_face where all are); of vv_info_file: "face", "no_face" or "review" (unsure). */
VV_API const char *vv_report_verdict(const vv_report *report);
/* Writes the JSON and a newline to `path`, atomically. VV_E_USAGE where the path exists (unless force is set) or cannot be
 * written to, VV_E_RESOURCE where writing fails. */
VV_API VV_NODISCARD vv_status vv_report_save(const vv_report *report, const char *path, int force, vv_err *err);
VV_API void vv_report_destroy(vv_report **report);

/* All backends and devices as JSON: [{"name":"cpu","description":…,"available":true,"self_test":"pass"|"fail"|"skipped"}]. */
VV_API VV_NODISCARD vv_status vv_devices_json(char **out, vv_err *err);
/* Runs every kernel on the engine's device at a realistic size; one CSV line per kernel after a header line, the plain
 * device copy among them for comparison. The text is released with vv_string_destroy. */
VV_API VV_NODISCARD vv_status vv_bench_kernels_csv(vv_engine *engine, char **out, vv_err *err);
VV_API void vv_string_destroy(char **s);

VV_API const char *vv_version(void);

#ifdef __cplusplus
}
#endif
#endif
