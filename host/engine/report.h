/* report.h - the JSON report of one job (schema voxveil.report/1). */
#ifndef VV_REPORT_H
#define VV_REPORT_H
#include "device.h"
#include "face.h"
#include "json.h"

typedef struct vv_report_times {
    double read, write, total; /* ms; those of the method stand in its result */
} vv_report_times;

/* One stack of a DICOM series or folder. */
typedef struct vv_report_stack {
    const char *modality; /* a literal */
    const char *verdict;  /* "face", "no_face", "review"; NULL: not searched */
    int64_t files, dims[4];
    double spacing[3], tilt;
    vv_dtype dtype;
    char orientation[4];
    bool placed, even, burned_in;
} vv_report_stack;

/* What a DICOM folder or series holds: the counts are files. */
typedef struct vv_report_dicom {
    int64_t images, others, unread;
    int64_t attributes, uids, privates, overlays; /* what can name somebody, in the file with most of it */
    const vv_report_stack *stacks;
    int64_t n;
} vv_report_dicom;

/* What a report is made of. Borrowed; a NULL pointer leaves its part out. */
typedef struct vv_report_facts {
    const vv_device *device;
    const char *verdict; /* a literal: the report keeps the pointer */
    const char *reason;  /* why it is not clean; NULL or empty: none */
    const char *format;  /* "nifti1", ...; "memory" for an image of the caller's */
    const char *written; /* the output's; NULL where no file was made */
    const int64_t *dims;
    int ndim;
    const vv_volume *volume;
    const char *input_sha256;
    const char *output_sha256; /* NULL: no file was made */
    uint64_t output_bytes;     /* 0: not known */
    const vv_face_result *face;
    bool found;       /* a face was found: its pose means something */
    bool in_study;    /* say where the pose comes from */
    uint32_t regions; /* VV_REGION_* taken out; 0: the job removes nothing */
    struct {
        bool protect, apply; /* the user gave such a mask */
    } masks;
    const vv_report_times *times;
    struct {
        bool given, text, extensions;
        const char *risk;
    } identity;                   /* of vv_info_file */
    const vv_report_dicom *dicom; /* NULL: not DICOM */
} vv_report_facts;

/* VV_E_RESOURCE when memory is out. Released with vv_report_destroy. */
VV_NODISCARD vv_status vv_report_create(const vv_report_facts *f, vv_report **out, vv_err *err);

/* Makes a report of what was written, and takes w's tree apart again whatever came of it. verdict: a literal. */
VV_NODISCARD vv_status vv_report_finish(vv_json *w, const char *verdict, vv_report **out, vv_err *err);

/* The report of a study: those of its n items in one (schema voxveil.study/1). reference: the item that the pose comes
 * from, counted from 0; -1: none. */
VV_NODISCARD vv_status vv_report_study(const vv_device *device, vv_report *const *items, int n, int reference,
                                       double total_ms, vv_report **out, vv_err *err);

/* Writes the JSON and a newline into the folder `dir` under the last name of `path` (a path in any folder that can be
 * written to): readable by its owner alone, in place of what is there. VV_E_USAGE, VV_E_RESOURCE as vv_report_save. */
VV_NODISCARD vv_status vv_report_quarantine(const vv_report *report, const char *path, const char *dir, vv_err *err);
#endif
