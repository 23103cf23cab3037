/* file_job.h - the steps of one file: read, take the face out, write into temporary files, report, and let the output
 * appear or go to quarantine. The caller decides in what order, and what to do between. */
#ifndef VV_FILE_JOB_H
#define VV_FILE_JOB_H
#include "deface.h"
#include "format.h"
#include "report.h"

/* Zero but for the first three and started; released with vv_file_job_end. */
typedef struct vv_file_job {
    vv_engine *engine;
    const char *in, *out;
    vv_deface_options opt; /* checked */
    double started;
    vv_read_result file;
    bool is_read;
    char sha256[sizeof(((vv_read_result *)0)->sha256)]; /* of the input as read last; stays when the voxels go */
    bool in_study;                                      /* one of several: where its pose comes from is reported */
    vv_face_options method;                             /* of vv_file_job_method */
    uint8_t *protect, *apply;                           /* the user's masks; NULL: none */
    uint8_t *mask;                                      /* what was removed; NULL: not wanted */
    vv_face_pictures *pictures;                         /* NULL: not wanted */
    vv_face_result face;
    vv_pending *pending;
    bool mask_saved, preview_saved, fiducials_saved; /* by this job, to be taken back when it fails */
    vv_report_times times;
    vv_report *report; /* the caller's */
} vv_file_job;

/* Refuses what can be known to be wrong about the paths before work starts. */
VV_NODISCARD vv_status vv_file_job_check(const vv_file_job *j, vv_err *err);
VV_NODISCARD vv_status vv_file_job_read(vv_file_job *j, vv_err *err);
/* Gives the voxels back. The face's result and the pending output stay. */
void vv_file_job_unread(vv_file_job *j);
/* Reads the user's masks and fills j->method, which the caller may add to. */
VV_NODISCARD vv_status vv_file_job_method(vv_file_job *j, vv_err *err);
VV_NODISCARD vv_status vv_file_job_deface(vv_file_job *j, vv_err *err);
/* Into temporary files, and the side files. The gate on header text looks at what was written. */
VV_NODISCARD vv_status vv_file_job_write(vv_file_job *j, vv_err *err);
VV_NODISCARD vv_status vv_file_job_report(vv_file_job *j, vv_err *err);
/* The output appears, or goes to quarantine with its report (VV_E_REVIEW). */
VV_NODISCARD vv_status vv_file_job_release(vv_file_job *j, vv_err *err);
/* Takes the side files back where `status` is a failure other than VV_E_REVIEW, and frees everything but the report. */
void vv_file_job_end(vv_file_job *j, vv_status status);
#endif
